"""A module that exchanges a user's token for AWS credentials: the enhanced flow, in which the pool
decides on the role."""

import boto3

from token_issuer import Issued, rfc3339


def get_credentials(issued: Issued) -> dict[str, str]:
    """The credentials, in the form that botocore's refreshable credentials take.

    Raises:
        botocore.exceptions.ClientError: Cognito refuses.
        botocore.exceptions.BotoCoreError: it can't be reached.
    """
    region = issued.identity_id.partition(":")[0]
    # The call needs no AWS credentials: the token is what is checked.
    client = boto3.client("cognito-identity", region_name=region)
    credentials = client.get_credentials_for_identity(
        IdentityId=issued.identity_id, Logins={issued.login: issued.token}
    )["Credentials"]
    return {
        "access_key": credentials["AccessKeyId"],
        "secret_key": credentials["SecretKey"],
        "token": credentials["SessionToken"],
        "expiry_time": rfc3339(credentials["Expiration"]),
    }
