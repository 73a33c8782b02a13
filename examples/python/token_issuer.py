"""A module that asks the token issuer for a user's token: over HTTP, or by invoking the function.

It needs boto3: `python3 -m pip install boto3`. The caller's own AWS credentials, which boto3 finds
as usual, must allow `execute-api:Invoke` on the route, or `lambda:InvokeFunction` on the function's
alias.
"""

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import NoCredentialsError

from answers import (
    IDENTITY,
    JWT,
    WORD,
    SettingError,
    TokenIssuerError,
    answer_to,
    object_in,
    part,
    required,
)


@dataclass(frozen=True)
class Deployment:
    """A deployed token issuer. One of `endpoint` (a URL) and `function` (an ARN) is enough."""

    pool: str
    provider: str
    endpoint: str = ""
    function: str = ""

    @property
    def region(self) -> str:
        """The pool's region."""
        return self.pool.partition(":")[0]


@dataclass(frozen=True)
class Issued:
    """A token, and whose it is. `login` is Cognito's name in this partition: the token's issuer."""

    identity_id: str
    login: str
    token: str = field(repr=False)


def deployment(environ: Mapping[str, str]) -> Deployment:
    """The deployment that the environment names.

    Raises:
        SettingError: a variable is missing.
    """
    endpoint, function = environ.get("TOKEN_ENDPOINT", ""), environ.get("FUNCTION_ALIAS_ARN", "")
    if not (endpoint or function):
        raise SettingError(
            "Set TOKEN_ENDPOINT or FUNCTION_ALIAS_ARN to the stack's output of that name."
        )
    return Deployment(
        required(environ, "POOL", "the identity pool's id, the stack's output PoolId"),
        required(environ, "PROVIDER", "the pool's developer provider name"),
        endpoint,
        function,
    )


def token_of(
    user: str,
    issuer: Deployment,
    caller: boto3.Session | None = None,
    *,
    principal_tags: Mapping[str, str] | None = None,
    token_duration: int | None = None,
) -> Issued:
    """A new token for the user of your own system that `user` identifies.

    The answer may have the token issuer's names or Cognito's own, as code that you move may have.
    Each call looks for `caller`'s credentials and makes its connection anew: a server that calls
    often keeps one client, as in docs/moving-here.md.

    Raises:
        SettingError: no request can be made of what is set.
        TokenIssuerError: the issuer refuses or fails; its `code` tells errors apart.
        botocore.exceptions.ClientError: Lambda refuses the call.
        botocore.exceptions.BotoCoreError: it can't be reached, or there are no AWS credentials.
    """
    arguments = {
        "identity_pool_id": issuer.pool,
        "logins": {issuer.provider: user},
        "principal_tags": principal_tags,
        "token_duration": token_duration,
    }
    session = caller or boto3.Session()
    signing = _signing(session)
    body = json.dumps(arguments).encode()
    if issuer.endpoint:
        answer = _over_http(body, issuer, session, signing)
    else:
        answer = _by_invocation(body, issuer, session)
    token = part(answer, JWT, "token", "Token")
    return Issued(part(answer, IDENTITY, "identity_id", "IdentityId"), _login(token), token)


def rfc3339(moment: datetime) -> str:
    """In UTC, whatever the time zone of this machine, in which boto3 gives an expiry."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _signing(caller: boto3.Session) -> Credentials:
    credentials = caller.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    if not all(re.fullmatch(WORD, part) for part in credentials.get_frozen_credentials() if part):
        raise SettingError("The AWS credentials that sign the call have a line break or a space.")
    return credentials


def _over_http(
    body: bytes, issuer: Deployment, caller: boto3.Session, signing: Credentials
) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    request = AWSRequest("POST", issuer.endpoint, headers=headers, data=body)
    in_host = re.search(r"\.execute-api\.([a-z0-9-]+)\.", issuer.endpoint)
    region = in_host[1] if in_host else caller.region_name or issuer.region
    SigV4Auth(signing, "execute-api", region).add_auth(request)
    return answer_to(request)


def _by_invocation(body: bytes, issuer: Deployment, caller: boto3.Session) -> dict[str, Any]:
    region = re.match(r"arn:[^:]*:lambda:([^:]+):", issuer.function)
    if not region:
        raise SettingError("Set FUNCTION_ALIAS_ARN to the ARN that is the stack's output.")
    client = caller.client("lambda", region_name=region[1])
    response = client.invoke(FunctionName=issuer.function, Payload=body)
    answer = object_in(response["Payload"].read())
    if response.get("FunctionError"):
        code = answer.get("errorType", "")
        raise TokenIssuerError(f"{code}: {answer.get('errorMessage')}", code=code)
    return answer


def _login(token: str) -> str:
    claims = base64.urlsafe_b64decode(f"{token.split('.')[1]}==")
    return part(object_in(claims), r"https://[\w.-]+", "iss").removeprefix("https://")
