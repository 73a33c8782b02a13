"""The one request that every candidate gets, and the one answer that Cognito gives."""

import base64
import json
from typing import Any, Final

from tools import ROOT
from tools.local.template import function

API_EVENT: Final[dict[str, Any]] = json.loads((ROOT / "events" / "http-api.json").read_text())
ARGUMENTS: Final[dict[str, Any]] = json.loads(API_EVENT["body"])
_POOL: Final[str] = ARGUMENTS["identity_pool_id"]
_IDENTITY: Final = _POOL.replace("1", "6")


def _token() -> str:
    """Of the size and shape of a real one, signed by nobody."""
    (provider, user) = next(iter(ARGUMENTS["logins"].items()))
    claims = {
        "sub": _IDENTITY,
        "aud": _POOL,
        "amr": ["authenticated", provider, f"{provider}:{_POOL}:{user}"],
        "https://aws.amazon.com/tags": {"principal_tags": ARGUMENTS["principal_tags"]},
        "iss": "https://cognito-identity.amazonaws.com",
        "exp": ARGUMENTS["token_duration"],
    }
    header = {"kid": "eu-central-11", "typ": "JWS", "alg": "RS512"}
    parts = [*(json.dumps(part).encode() for part in (header, claims)), b"signature" * 28]
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


TOKEN: Final = _token()
ANSWER: Final = json.dumps({"IdentityId": _IDENTITY, "Token": TOKEN})
_DEPLOYED: Final = function(
    IdentityPoolId=_POOL, DeveloperProviderName=next(iter(ARGUMENTS["logins"]))
)
VARIABLES: Final = {
    **_DEPLOYED.variables,
    "ANSWER": ANSWER,
    "POWERTOOLS_METRICS_NAMESPACE": "OpenIdTokenIssuer",
    "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
    "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
}
"""The environment of every candidate; each takes from it what it knows."""
