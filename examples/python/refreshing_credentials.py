"""A module with a boto3 session for one of your users, whose credentials refresh by themselves.

    session = session_for("user-4711")
    session.client("s3").list_objects_v2(Bucket="...")

botocore asks for new credentials when they are within 15 minutes of their expiry, in the thread
that happens to need them, under a lock of its own: the others go on with the old ones. A failure
then is only logged. Within 10 minutes of the expiry all threads wait for the new ones, and a
failure is raised. Each refresh asks the token issuer for a new token: the old one is never used
again, so a short `token_duration` is enough.
"""

import os
from collections.abc import Callable

import boto3
import botocore.session
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials

from assume_role import assume_role
from get_credentials import get_credentials
from token_issuer import Deployment, deployment, token_of


class TokenIssuerProvider(CredentialProvider):
    """A user's credentials, for the chain of a botocore session.

    `exchange` asks for a token and exchanges it; it returns what
    `RefreshableCredentials.create_from_metadata` takes. It is called for each refresh.
    """

    METHOD = "cognito-openid-token"

    def __init__(self, exchange: Callable[[], dict[str, str]]) -> None:
        super().__init__()
        self._exchange = exchange

    def load(self) -> RefreshableCredentials:
        """The first credentials. botocore calls this once for a session.

        Raises:
            TokenIssuerError: there is no token.
            botocore.exceptions.ClientError: the token is not accepted.
        """
        return RefreshableCredentials.create_from_metadata(
            self._exchange(), refresh_using=self._exchange, method=self.METHOD
        )


def session_for(
    user: str,
    *,
    issuer: Deployment | None = None,
    role_arn: str | None = None,
    caller: boto3.Session | None = None,
) -> boto3.Session:
    """A session that acts as `user`, in the pool's region.

    With a `role_arn` the classic flow is taken, else the enhanced one. `issuer` is the one that
    the environment names when left out; `caller` is who may call it, by default boto3's own
    credentials. The first client that the session makes asks for the first token. Keep one session
    for each user.

    Raises:
        SettingError: the environment names no issuer.
    """
    source = issuer or deployment(os.environ)

    def exchange() -> dict[str, str]:
        return credentials_of(user, source, role_arn, caller)

    core = botocore.session.Session()
    # The only provider: where there is no token, the caller's own credentials must not step in.
    core.register_component(
        "credential_provider", CredentialResolver([TokenIssuerProvider(exchange)])
    )
    return boto3.Session(botocore_session=core, region_name=source.region)


def credentials_of(
    user: str, issuer: Deployment, role_arn: str | None, caller: boto3.Session | None
) -> dict[str, str]:
    """A new token for `user`, exchanged at once.

    Raises:
        TokenIssuerError: there is no token.
        botocore.exceptions.ClientError: the token is not accepted.
        botocore.exceptions.BotoCoreError: something can't be reached.
    """
    issued = token_of(user, issuer, caller)
    return assume_role(issued, role_arn) if role_arn else get_credentials(issued)
