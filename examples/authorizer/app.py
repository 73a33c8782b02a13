"""A Lambda authorizer for the users' doors: the handler of a function, to be deployed with the
template beside it. It verifies the session token that your backend gave to the user, a JWT signed
with HS256, sent in a cookie or as bearer. README.md tries and deploys it.

What it returns as context is what `LoginClaim` and `PrincipalTagClaims` name. Where your users'
login is something else, replace `user_of`: it returns the context, or `None` for nobody. What
raises is a 500 to the user, and is in this function's log.
"""

import functools
import os
import time
from collections.abc import Mapping
from typing import Any

import boto3
import jwt

# So long a key is used before it is read again; a new one needs no deployment.
KEY_SECONDS = 300
SHORTEST_KEY = 32


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer API Gateway: type REQUEST, payload 2.0, simple response."""
    user = user_of(event)
    return {"isAuthorized": user is not None, "context": user or {}}


def user_of(event: Mapping[str, Any]) -> dict[str, str] | None:
    """Whom the request's session token names: `sub` is the user of your own system."""
    token = _sent_as_bearer(event) or _sent_as_cookie(event)
    if token is None:
        return None
    try:
        claims = jwt.decode(
            token, _key(), algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
    except jwt.InvalidTokenError:
        return None
    return {"sub": claims["sub"]} if claims["sub"] else None


def _sent_as_bearer(event: Mapping[str, Any]) -> str | None:
    """AWS SDKs send the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE as it is: maybe bare."""
    match event.get("headers", {}).get("authorization", "").split():
        case [token]:
            return str(token)
        case [scheme, token] if scheme.lower() == "bearer":
            return str(token)
    return None


def _sent_as_cookie(event: Mapping[str, Any]) -> str | None:
    """The one cookie of the name. With two, one may be another site's of the same domain."""
    pairs = [cookie.partition("=") for cookie in event.get("cookies", ())]
    found = [
        value for name, _, value in pairs if name == os.environ.get("COOKIE_NAME", "__Host-session")
    ]
    return found[0] if len(found) == 1 else None


def _key() -> str:
    key = secret("SESSION_KEY")
    if len(key.encode()) < SHORTEST_KEY:
        raise ValueError(f"the session key has less than {SHORTEST_KEY} bytes")
    return key


def secret(name: str) -> str:
    """The text of the secret whose ARN is in SECRET_ARN; without one, that of this variable."""
    if arn := os.environ.get("SECRET_ARN"):
        return _read(arn, int(time.time()) // KEY_SECONDS)
    if text := os.environ.get(name):
        return text
    raise RuntimeError(f"set {name}, or SECRET_ARN; examples/authorizer/README.md says how")


@functools.lru_cache(maxsize=1)
def _read(arn: str, _while: int) -> str:
    text: str = boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return text
