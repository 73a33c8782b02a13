"""The one request that every candidate gets, and the one answer that Cognito gives."""

import json
from typing import Any, Final

from tools import ROOT
from tools.local.template import function
from tools.quick_cognito.answers import identity_of, token_of

API_EVENT: Final[dict[str, Any]] = json.loads((ROOT / "events" / "http-api.json").read_text())
ARGUMENTS: Final[dict[str, Any]] = json.loads(API_EVENT["body"])
TOKEN: Final = token_of(
    ARGUMENTS["logins"], ARGUMENTS["principal_tags"], ARGUMENTS["token_duration"]
)
ANSWER: Final = json.dumps({"IdentityId": identity_of(ARGUMENTS["logins"]), "Token": TOKEN})
_DEPLOYED: Final = function(
    IdentityPoolId=ARGUMENTS["identity_pool_id"],
    DeveloperProviderName=next(iter(ARGUMENTS["logins"])),
)
VARIABLES: Final = {
    **_DEPLOYED.variables,
    "ANSWER": ANSWER,
    "POWERTOOLS_METRICS_NAMESPACE": "OpenIdTokenIssuer",
    "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
    "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
}
"""The environment of every candidate; each takes from it what it knows."""
