"""Examples: the samples of `events/`, and the function's own responses to them."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from unittest.mock import patch

from openid_token import http_api
from openid_token.audit import Door
from openid_token.errors import (
    AccessDeniedException,
    InternalFailure,
    InvalidParameterException,
    TokenIssuerError,
)
from openid_token.issuing import Deployment
from openid_token.settings import Settings
from openid_token.telemetry import logger, metrics
from tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_cognito_identity import CognitoIdentityClient

EVENTS: Final = ROOT / "events"
SAMPLES: Final = {
    Door.API: ("http-api", "rest-api"),
    Door.USER_API: ("user-http-api",),
    Door.USER_CREDENTIALS: ("user-credentials",),
}
IDENTITY_ID: Final = "eu-central-1:66666666-7777-8888-9999-000000000000"
# It says who issued it and no more: a scanner for secrets has nothing to find.
TOKEN: Final = "e30.eyJpc3MiOiJodHRwczovL2NvZ25pdG8taWRlbnRpdHkuYW1hem9uYXdzLmNvbSJ9."  # noqa: S105
ERRORS: Final = TokenIssuerError.__subclasses__()
REQUEST_ID: Final = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
NOW: Final = 1795692992
_BEFORE_COGNITO: Final = {AccessDeniedException, InvalidParameterException}


class Example(NamedTuple):
    """One response of the function: to which sample, and why."""

    name: str
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


def body_of(sample: str) -> dict[str, Any]:
    """The arguments in the body of a sample."""
    body: dict[str, Any] = json.loads(_event(sample)["body"])
    return body


def successes(door: Door) -> list[Example]:
    """The responses to the samples of a door."""
    with _silence():
        return [_respond(name, _event(name), _Cognito()) for name in SAMPLES[door]]


def refusals() -> list[Example]:
    """A response without a token, for every reason."""
    backend, user = _event("http-api"), _event("user-http-api")
    other = {"identity_pool_id": IDENTITY_ID}
    wrong = {"token_duration": 0, "principal_tag": {}}
    no_method = {"requestContext": {**backend["requestContext"], "http": {"method": "GET"}}}
    text = {"headers": {**backend["headers"], "content-type": "text/plain"}}
    events = {
        "arguments": {**backend, "body": json.dumps(wrong)},
        "body": {**backend, "body": "not JSON"},
        "deployment": {**backend, "body": json.dumps(body_of("http-api") | other)},
        "user": {**user, "body": backend["body"]},
        "method": {**backend, **no_method},
        "media type": {**backend, **text},
    }
    # The rest is up to Cognito.
    raised = [kind for kind in ERRORS if kind not in _BEFORE_COGNITO]
    with _silence():
        return [
            *(_respond(name, event, _Cognito()) for name, event in events.items()),
            *(_respond(kind.__name__, backend, _Cognito(kind)) for kind in raised),
        ]


def _event(sample: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{sample}.json").read_text(encoding="utf-8"))
    return event


def _respond(name: str, event: Mapping[str, Any], cognito: _Cognito) -> Example:
    settings = Settings(
        identity_pool_id=body_of("http-api")["identity_pool_id"],
        developer_provider_name=next(iter(body_of("http-api")["logins"])),
        principal_tag_claims={"department": "custom:department"},
    )
    deployment = Deployment(settings, cast("CognitoIdentityClient", cognito))
    response = http_api.respond(event, REQUEST_ID, deployment)
    return Example(name, response["statusCode"], response["headers"], json.loads(response["body"]))


class _Cognito:
    def __init__(self, error: type[TokenIssuerError] | None = None) -> None:
        self.error = error

    def get_open_id_token_for_developer_identity(self, **_: object) -> dict[str, str]:
        if self.error:
            raise self.error() if self.error is InternalFailure else self.error(self.error.__doc__)
        return {"IdentityId": IDENTITY_ID, "Token": TOKEN}

    def get_credentials_for_identity(self, **_: object) -> dict[str, Any]:
        credentials = {
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "SecretKey": "a-secret-access-key",
            "SessionToken": "a-session-token",
            "Expiration": datetime.fromtimestamp(NOW + 3600, UTC),
        }
        return {"IdentityId": IDENTITY_ID, "Credentials": credentials}


@contextmanager
def _silence() -> Iterator[None]:
    """No log line and no metric of these requests; and no clock."""
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    try:
        with patch("time.time", lambda: NOW):
            yield
    finally:
        logger.setLevel(level)
        metrics.clear_metrics()
