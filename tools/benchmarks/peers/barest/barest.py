"""The barest function that makes the call: boto3 and nothing else, no rule, no log."""

from typing import Any

import boto3

client = boto3.client("cognito-identity")


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:  # noqa: ARG001
    """Pass the arguments on, and the token back."""
    response = client.get_open_id_token_for_developer_identity(
        IdentityPoolId=event["identity_pool_id"],
        Logins=event["logins"],
        PrincipalTags=event["principal_tags"],
        TokenDuration=event["token_duration"],
    )
    return {"identity_id": response["IdentityId"], "token": response["Token"]}
