"""The one request that every candidate gets, and the one answer that Cognito gives."""

import base64
import json
from typing import Any, Final

from tools import ROOT
from tools.local.runtime.client import REGION

_SAMPLE: Final = ROOT / "events" / "http-api.json"

API_EVENT: Final[dict[str, Any]] = json.loads(_SAMPLE.read_text())
ARGUMENTS: Final[dict[str, Any]] = json.loads(API_EVENT["body"])
POOL: Final[str] = ARGUMENTS["identity_pool_id"]
IDENTITY: Final = f"{REGION}:66666666-7777-8888-9999-000000000000"


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


_CLAIMS: Final = {
    "sub": IDENTITY,
    "aud": POOL,
    "amr": ["authenticated", *ARGUMENTS["logins"], f"{POOL}:user"],
    "https://aws.amazon.com/tags": {"principal_tags": {"department": ["legal"]}},
    "iss": "https://cognito-identity.amazonaws.com",
    "exp": 1795693892,
    "iat": 1795692992,
}
_HEADER: Final = {"kid": f"{REGION}1", "typ": "JWS", "alg": "RS512"}

# Of the size and shape of a real one, and signed by nobody.
TOKEN: Final = ".".join(
    (_part(json.dumps(_HEADER).encode()), _part(json.dumps(_CLAIMS).encode()), _part(bytes(256)))
)
ANSWER: Final = json.dumps({"IdentityId": IDENTITY, "Token": TOKEN})


def variables(endpoint: str) -> dict[str, str]:
    """The environment of every candidate; each takes from it what it knows."""
    return {
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY": endpoint,
        "IDENTITY_POOL_ID": POOL,
        "POWERTOOLS_METRICS_NAMESPACE": "OpenIdTokenIssuer",
        "POWERTOOLS_SERVICE_NAME": "openid-token-issuer",
        "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
        "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
    }
