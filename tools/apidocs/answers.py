"""Examples: the samples of `events/`, and what the function itself answers to them."""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext

from openid_token import arguments, http_api, issuer, policy
from openid_token.audit import Door, Record
from openid_token.errors import (
    ANSWERS,
    AccessDeniedException,
    InternalFailure,
    InvalidParameterException,
)
from openid_token.settings import Settings
from openid_token.telemetry import logger, metrics
from tools import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EVENTS: Final = ROOT / "events"
SAMPLES: Final = {
    Door.API: ("http-api", "rest-api"),
    Door.USER_API: ("user-http-api",),
}
IDENTITY_ID: Final = "eu-central-1:66666666-7777-8888-9999-000000000000"
# Not a token, and not in the form of one: a scanner for secrets has nothing to find.
TOKEN: Final = "a-JWT-of-about-1-kB"  # noqa: S105
REQUEST_ID: Final = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"
NOW: Final = 1795692992
_BEFORE_COGNITO: Final = {AccessDeniedException, InvalidParameterException}


class Example(NamedTuple):
    """One answer of the function: to which sample, and why."""

    name: str
    status: int
    headers: Mapping[str, str]
    body: dict[str, Any]


def body_of(sample: str) -> dict[str, Any]:
    """The arguments in the body of a sample."""
    body: dict[str, Any] = json.loads(_event(sample)["body"])
    return body


def tokens(door: Door) -> list[Example]:
    """What the function answers to each sample of a door."""
    with _silence():
        return [_ask(name, _event(name), _token) for name in SAMPLES[door]]


def refusals() -> list[Example]:
    """What the function answers when there is no token, for every reason."""
    backend, user = _event("http-api"), _event("user-http-api")
    other = {"identity_pool_id": IDENTITY_ID}
    wrong = {"token_duration": 0, "principal_tag": {}}
    no_method = {"requestContext": {**backend["requestContext"], "http": {"method": "GET"}}}
    text = {"headers": {**backend["headers"], "content-type": "text/plain"}}
    asked = {
        "arguments": {**backend, "body": json.dumps(wrong)},
        "body": {**backend, "body": "not JSON"},
        "deployment": {**backend, "body": json.dumps(body_of("http-api") | other)},
        "user": {**user, "body": backend["body"]},
        "method": {**backend, **no_method},
        "media type": {**backend, **text},
    }
    # The rest is up to Cognito.
    raised = [kind for kind in ANSWERS if kind not in _BEFORE_COGNITO]
    with _silence():
        return [
            *(_ask(name, event, _token) for name, event in asked.items()),
            *(_ask(kind.__name__, backend, partial(_refuse, kind)) for kind in raised),
        ]


def _event(sample: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{sample}.json").read_text(encoding="utf-8"))
    return event


def _ask(name: str, event: Mapping[str, Any], issue: http_api.Issue) -> Example:
    context = LambdaContext()
    context._aws_request_id = REQUEST_ID
    answer = http_api.create(issue, _settings())(event, context)
    single, multiple = answer.get("headers", {}), answer.get("multiValueHeaders", {})
    headers = single | {name: ", ".join(values) for name, values in multiple.items()}
    return Example(name, answer["statusCode"], headers, json.loads(answer["body"]))


def _settings() -> Settings:
    return Settings(
        identity_pool_id=body_of("http-api")["identity_pool_id"],
        developer_provider_name=next(iter(body_of("http-api")["logins"])),
        principal_tag_claims={"department": "custom:department"},
    )


class _Cognito:
    def get_open_id_token_for_developer_identity(self, **_: object) -> dict[str, str]:
        return {"IdentityId": IDENTITY_ID, "Token": TOKEN}


def _token(given: Mapping[str, object], record: Record) -> issuer.Result:
    cap = policy.max_duration(_settings(), user=record.door is Door.USER_API)
    allowed = policy.allow(arguments.parse(given), _settings(), cap)
    return issuer.issue(_Cognito(), allowed, now=lambda: NOW)  # type: ignore[arg-type]


def _refuse(kind: type[Exception], *_: object) -> issuer.Result:
    raise kind() if kind is InternalFailure else kind(kind.__doc__)


@contextmanager
def _silence() -> Iterator[None]:
    """No log line and no metric of these requests."""
    level = logger.log_level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
        metrics.clear_metrics()
