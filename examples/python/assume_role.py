"""A module that exchanges a user's token for AWS credentials: the classic flow, with a role of your
choice."""

import boto3

from token_issuer import Issued, rfc3339

# Between 900 and what the role allows.
DURATION_SECONDS = 3600


def assume_role(issued: Issued, role_arn: str) -> dict[str, str]:
    """The credentials, in the form that botocore's refreshable credentials take.

    Raises:
        botocore.exceptions.ClientError: STS refuses.
        botocore.exceptions.BotoCoreError: it can't be reached.
    """
    region, _, guid = issued.identity_id.partition(":")
    # The call needs no AWS credentials: the token is what is checked.
    client = boto3.client("sts", region_name=region)
    credentials = client.assume_role_with_web_identity(
        RoleArn=role_arn,
        RoleSessionName=guid,  # a name must not have the colon of the whole identity id
        WebIdentityToken=issued.token,
        DurationSeconds=DURATION_SECONDS,
    )["Credentials"]
    return {
        "access_key": credentials["AccessKeyId"],
        "secret_key": credentials["SecretAccessKey"],
        "token": credentials["SessionToken"],
        "expiry_time": rfc3339(credentials["Expiration"]),
    }
