"""A module that asks the token issuer for a user's token: over HTTP, or by invoking the function.

The caller's own AWS credentials, which boto3 finds as usual, must allow `execute-api:Invoke` on
the route, or `lambda:InvokeFunction` on the function's alias.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.exceptions import NoCredentialsError
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

# API Gateway answers within 29 seconds.
TIMEOUT_SECONDS = 30
ADVICE = {
    400: "Correct the request.",
    401: "The JWT is not valid, or no longer: sign in again.",
    403: "Either your AWS credentials may not call the issuer, or it does not allow what you ask.",
    404: "Check the endpoint and the pool.",
    409: "The login belongs to another identity: leave the identity out, or merge the two.",
    429: "Wait for a moment, then ask again.",
    503: "Wait for a moment, then ask again.",
}


class SettingError(Exception):
    """A setting is missing; the message says which, and what belongs there."""


class TokenIssuerError(Exception):
    """There is no token; the message says why, and what to do, in one line."""


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
    """A token, and whose it is. `expires_at` is RFC 3339, in UTC."""

    identity_id: str
    expires_at: str
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


def required(environ: Mapping[str, str], name: str, meaning: str) -> str:
    """A variable that must be there.

    Raises:
        SettingError: it is not.
    """
    if not environ.get(name):
        raise SettingError(f"Set {name} to {meaning}.")
    return environ[name]


def token_of(user: str, issuer: Deployment, caller: boto3.Session | None = None) -> Issued:
    """A new token for the user of your own system that `user` identifies.

    Raises:
        TokenIssuerError: the issuer refuses or fails.
        botocore.exceptions.BotoCoreError: it can't be reached, or there are no AWS credentials.
    """
    arguments = {"identity_pool_id": issuer.pool, "logins": {issuer.provider: user}}
    ask = _over_http if issuer.endpoint else _by_invocation
    answer = ask(json.dumps(arguments).encode(), issuer, caller or boto3.Session())
    return Issued(answer["identity_id"], answer["expires_at"], answer["token"])


def rfc3339(moment: datetime) -> str:
    """In UTC, whatever the time zone of this machine, in which boto3 gives an expiry."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def answer_to(request: AWSRequest) -> dict[str, Any]:
    """What the token issuer answers.

    Raises:
        TokenIssuerError: it refuses or fails.
        botocore.exceptions.BotoCoreError: it can't be reached.
    """
    authorities: Any = os.environ.get("AWS_CA_BUNDLE") or True
    proxies = get_environ_proxies(str(request.url))
    session = URLLib3Session(authorities, proxies, TIMEOUT_SECONDS)
    response = session.send(request.prepare())
    if response.status_code != 200:
        raise TokenIssuerError(_why(response.status_code, response.text))
    if response.headers.get("content-type") != "application/json":
        raise TokenIssuerError("What answered is not the token issuer: check the endpoint.")
    answer: dict[str, Any] = json.loads(response.text)
    return answer


def _over_http(body: bytes, issuer: Deployment, caller: boto3.Session) -> dict[str, Any]:
    credentials = caller.get_credentials()
    if credentials is None:
        raise NoCredentialsError
    headers = {"content-type": "application/json"}
    request = AWSRequest("POST", issuer.endpoint, headers=headers, data=body)
    in_host = re.search(r"\.execute-api\.([a-z0-9-]+)\.", issuer.endpoint)
    region = in_host[1] if in_host else caller.region_name or issuer.region
    SigV4Auth(credentials, "execute-api", region).add_auth(request)
    return answer_to(request)


def _why(status: int, text: str) -> str:
    try:
        problem = json.loads(text)
    except ValueError:
        problem = {}
    # API Gateway's own answers have only a message.
    what = f"{problem['code']}: {problem['detail']}" if "code" in problem else text
    rules = "; ".join(f"{e['argument']}: {e['message']}" for e in problem.get("errors", ()))
    advice = ADVICE.get(status, "Try again; the function's log says more.")
    parts = [f"The token issuer answered {status}. {what}", f"({rules})" if rules else "", advice]
    return " ".join(part for part in parts if part)


def _by_invocation(body: bytes, issuer: Deployment, caller: boto3.Session) -> dict[str, Any]:
    region = re.match(r"arn:[^:]*:lambda:([^:]+):", issuer.function)
    if not region:
        raise SettingError("Set FUNCTION_ALIAS_ARN to the ARN that is the stack's output.")
    client = caller.client("lambda", region_name=region[1])
    response = client.invoke(FunctionName=issuer.function, Payload=body)
    answer: dict[str, Any] = json.load(response["Payload"])
    if response.get("FunctionError"):
        raise TokenIssuerError(f"{answer['errorType']}: {answer['errorMessage']}")
    return answer


if __name__ == "__main__":
    raise SystemExit("This is a module. The program beside it is credential_process.py.")
