"""What each door promises, in one table: an event, what Cognito does then, and what it ends in.

`holds` is all that is promised of any answer: its form, as `docs/openapi.yaml` describes it, its
one record, its metrics, and no secret in them. The table is played in this process (tests/unit) and
in the built package (tests/runtime).
"""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from openid_token.errors import TokenIssuerError
from tests.kit.builders import (
    LOGIN,
    OTHER_POOL,
    TOKEN,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    jwt,
    rest_event,
    sample,
    user_http_event,
    user_rest_event,
)
from tests.kit.cognito import CREDENTIALS, Act, Reply, answers, at_exchange, issues, refuses
from tests.kit.doors import ERRORS, Emitted, Outcome

_PAGE: Final = Path(__file__).parents[2] / "docs" / "openapi.yaml"
DOCUMENT: Final[Json] = yaml.safe_load(_PAGE.read_text("utf-8"))
BY_NAME: Final = {error.__name__: error() for error in ERRORS}
TAG: Final = "tag-93d7b4e1f8"
_SECRETS: Final = (LOGIN, TAG, TOKEN, CREDENTIALS["SecretKey"], CREDENTIALS["SessionToken"])
_GIVEN: Final = arguments(principal_tags={"department": TAG})
_USER: Final = jwt(**{"custom:department": TAG})
_BAD: Final = {"token_duration": 0}

# By door: the path that it has, a request that is good, one that breaks a rule, one that is denied.
DOORS: Final[dict[str, tuple[str | None, str, Any, Any, Any]]] = {
    "direct": (None, "direct", _GIVEN, _GIVEN | _BAD, arguments(identity_pool_id=OTHER_POOL)),
    "step functions": (
        *(None, "step_functions", sample("step-functions"), {"execution_id": 5}),
        sample("step-functions") | {"identity_pool_id": OTHER_POOL},
    ),
    "http api": ("/token", "api", http_event(_GIVEN), http_event("{"), http_event(authorizer={})),
    "rest api": ("/token", "api", rest_event(_GIVEN), rest_event(_BAD), rest_event(user_arn=None)),
    "user http api": (
        *("/me/token", "user_api", user_http_event(authorizer=_USER)),
        *(user_http_event(_BAD), user_http_event(arguments())),
    ),
    "user rest api": (
        *("/me/token", "user_api", user_rest_event(claims={"custom:department": TAG})),
        *(user_rest_event(_BAD), user_rest_event(claims={"iss": "https://other.example.com"})),
    ),
    "user credentials": (
        *("/me/credentials", "user_credentials", credentials_http_event(authorizer=_USER)),
        *(credentials_http_event("{}"), credentials_http_event(authorizer=jwt(iss="x"))),
    ),
}
# What Cognito does for each class that is not the function's own decision.
FAULTS: Final[dict[str, Act]] = {
    **{
        name: refuses(name, f"{LOGIN} {TAG} no")
        for name in BY_NAME
        if name.startswith(("NotAuthorized", "Resource", "DeveloperUser", "TooMany"))
    },
    "InternalErrorException": refuses("InternalErrorException", "Oh.", 500),
    "ServiceUnavailable": answers(Reply(200, b"[1]")),
    "InternalFailure": refuses("AccessDeniedException", "the role of user-0815 is refused"),
}


class Case(NamedTuple):
    """One request: `calls` is how many calls of Cognito are timed."""

    name: str
    door: str
    path: str | None
    event: Any
    act: Act = issues
    code: str | None = None
    calls: int = 1
    status: int | None = None
    identity_only: bool = False


def _cases() -> Iterator[Case]:
    for name, (path, door, good, bad, denied) in DOORS.items():
        two = 2 if door == "user_credentials" else 1
        yield Case(f"{name}: issued", door, path, good, calls=two)
        yield Case(name + ": bad", door, path, bad, code="InvalidParameterException", calls=0)
        yield Case(name + ": denied", door, path, denied, code="AccessDeniedException", calls=0)
        for code, act in FAULTS.items():
            yield Case(f"{name}: {code}", door, path, good, act, code)
            if two == 2:
                later = at_exchange(act)
                yield Case(f"{name}: late {code}", door, path, good, later, code, calls=2)
    for event in (_GIVEN, sample("step-functions")):
        door = "step_functions" if "execution_id" in event else "direct"
        only = event | {"identity_only": True}
        yield Case(f"{door}: identity only", door, None, only, identity_only=True)
    token, wrong = "/token", "InvalidParameterException"
    for status, path, event in (
        (HTTPStatus.METHOD_NOT_ALLOWED, token, http_event(method="GET", route="ANY /token")),
        (HTTPStatus.METHOD_NOT_ALLOWED, "/me/credentials", credentials_http_event(method="POST")),
        (HTTPStatus.UNSUPPORTED_MEDIA_TYPE, token, http_event(headers={"content-type": "a/b"})),
        (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "/me/token", user_http_event("[" * 16_385)),
        (HTTPStatus.BAD_REQUEST, token, http_event({"token_duration": 0, "logns": {}})),
    ):
        door = "user_api" if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else "api"
        yield Case(f"{path}: {status}", door, path, event, code=wrong, calls=0, status=status)


CASES: Final = list(_cases())


def holds(case: Case, outcome: Outcome, written: Emitted) -> None:
    """All that is promised."""
    error = BY_NAME[case.code] if case.code else None
    assert outcome.code == case.code
    assert outcome.result is not None or error
    _answered(case, outcome, error)
    _recorded(case, written.record, error)
    _counted(case, written)
    # The caller reads no more of a fault than that there is one; a login's value is no message.
    shown = written.text if outcome.result else f"{written.text} {outcome.body} {outcome.detail}"
    assert [secret for secret in _SECRETS if secret in shown] == []


def _answered(case: Case, outcome: Outcome, error: TokenIssuerError | None) -> None:
    if case.path is None:
        assert outcome.status is None
        return
    status = case.status or (error.status if error else HTTPStatus.OK)
    kind = "application/problem+json" if error else "application/json"
    expected = {"Content-Type": kind, "Cache-Control": "no-store", "Pragma": "no-cache"}
    if error and error.retry_after_seconds:
        expected["Retry-After"] = str(error.retry_after_seconds)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        expected["Allow"] = "GET" if case.path == "/me/credentials" else "POST"
    assert (outcome.status, dict(outcome.headers)) == (status, expected)
    assert_described(case.path, outcome)
    if error:
        body = outcome.body
        head = ["type", "title", "status", "detail", "code", "request_id"]
        for_sdks = {"Code", "Message"} if case.path == "/me/credentials" else set()
        assert list(body)[:6] == head
        assert body.keys() - {"errors"} == {*head, *for_sdks}
        assert (body["type"], body["title"]) == ("about:blank", HTTPStatus(status).phrase)
        assert body["status"] == status
        assert not for_sdks or (body["Code"], body["Message"]) == (body["code"], body["detail"])


def _recorded(case: Case, record: Json, error: TokenIssuerError | None) -> None:
    fault = error is not None and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    issued = "identified" if case.identity_only else "issued"
    assert record["outcome"] == ("refused" if error else issued)
    assert record["door"] == case.door
    assert record.get("reason") == case.code
    assert record["level"] == ("ERROR" if fault else "WARNING" if error else "INFO")
    assert ("/cognito.py" in record.get("exception", "")) is fault
    assert ("cognito_ms" in record) is bool(case.calls)
    assert record.get("cognito_ms", 0) <= record["duration_ms"]


def _counted(case: Case, written: Emitted) -> None:
    (line,) = written.metrics
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "OpenIdTokenIssuer"
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    issued = "IdentitiesProvided" if case.identity_only else "TokensIssued"
    name = "RequestsRefused" if case.code else issued
    assert units == {name: "Count"} | ({"CognitoLatency": "Milliseconds"} if case.calls else {})
    assert (line[name], len(line.get("CognitoLatency", []))) == ([1], case.calls)
    by = [["door", "service"], *([["reason", "service"]] if case.code else []), ["service"]]
    assert sorted(map(sorted, directive["Dimensions"])) == by
    assert (line["door"], line.get("reason")) == (case.door, case.code)
    assert line.keys() == {"_aws", *units, *(each for group in by for each in group)}


def resolved(part: Json) -> Json:
    """What a reference in the document is to."""
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return resolved(found)


def conforms(instance: object, schema: Json) -> bool:
    """Whether `instance` is as a schema of the document says, formats included."""
    within = {**schema, "components": DOCUMENT["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(within, format_checker=checker).is_valid(instance))


def operation(path: str) -> Json:
    """The one operation at a path."""
    [described] = DOCUMENT["paths"][path].values()
    found: Json = described
    return found


def assert_described(path: str, outcome: Outcome) -> None:
    """The answer is one that the document describes."""
    described = resolved(operation(path)["responses"][str(outcome.status)])
    schema = described["content"][outcome.headers["Content-Type"]]["schema"]
    assert conforms(outcome.body, schema)
    whole = schema.get("allOf", [schema])[0]
    assert outcome.body.keys() <= resolved(whole)["properties"].keys()
    for name, header in described.get("headers", {}).items():
        assert conforms(outcome.headers[name], resolved(header)["schema"]), name
