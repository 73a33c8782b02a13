"""What each door promises, in one table: an event, what Cognito does then, and what it ends in.

`holds` is all that is promised of any answer: what it hands out, its form, as `docs/openapi.yaml`
describes it, its one record, its metrics, no secret in them, and what Cognito was asked. The table
is played in this process (tests/unit) and in the built package (tests/runtime).
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final, NamedTuple

from openid_token.errors import TokenIssuerError
from tests.kit.acts import (
    CREDENTIALS,
    EXCHANGE,
    ISSUE,
    Act,
    Call,
    at_exchange,
    garbage,
    issues,
    refuses,
)
from tests.kit.builders import (
    EXECUTION,
    IDENTITY,
    LOGIN,
    OTHER_POOL,
    POOL,
    TOKEN,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    jwt,
    rest_event,
    user_http_event,
    user_rest_event,
)
from tests.kit.doors import ERRORS, Emitted, Outcome, Seen
from tests.kit.openapi import DOCUMENT, assert_described

BY_NAME: Final = {error.__name__: error() for error in ERRORS}
TAG: Final = "tag-93d7b4e1f8"
SECRETS: Final = (LOGIN, TAG, TOKEN, CREDENTIALS["SecretKey"], CREDENTIALS["SessionToken"])
_GIVEN: Final = arguments(principal_tags={"department": TAG})
_OF_TASK: Final = _GIVEN | {"execution_id": EXECUTION}
_USER: Final = jwt(**{"custom:department": TAG})
_BAD: Final = {"token_duration": 0}
_OTHERS: Final = {"identity_pool_id": OTHER_POOL}
_ONLY: Final = {"identity_pool_id": POOL, "identity_id": IDENTITY}
# When a token ends is left out here: that is the clock's.
ISSUED: Final = _GIVEN | {"identity_id": IDENTITY, "token_duration": 900, "token": TOKEN}
EXCHANGED: Final = {
    "AccessKeyId": CREDENTIALS["AccessKeyId"],
    "SecretAccessKey": CREDENTIALS["SecretKey"],
    "Token": CREDENTIALS["SessionToken"],
    "Expiration": "2026-11-26T12:36:32Z",
    "IdentityId": IDENTITY,
}


class Door(NamedTuple):
    """One door, as the record names it, with a request that is good, one that breaks a rule and
    one that is denied; `path` is the one that it has over HTTP."""

    name: str
    path: str | None
    good: Json
    bad: Json
    denied: Json


DOORS: Final = {
    "direct": Door("direct", None, _GIVEN, _GIVEN | _BAD, _GIVEN | _OTHERS),
    "step functions": Door(
        "step_functions", None, _OF_TASK, {"execution_id": 5}, _OF_TASK | _OTHERS
    ),
    "http api": Door(
        "api", "/token", http_event(_GIVEN), http_event("{"), http_event(authorizer={})
    ),
    "rest api": Door(
        "api", "/token", rest_event(_GIVEN), rest_event(_BAD), rest_event(user_arn=None)
    ),
    "user http api": Door(
        *("user_api", "/me/token", user_http_event(authorizer=_USER)),
        *(user_http_event(_BAD), user_http_event(arguments())),
    ),
    "user rest api": Door(
        *("user_api", "/me/token", user_rest_event(claims={"custom:department": TAG})),
        *(user_rest_event(_BAD), user_rest_event(claims={"iss": "https://other.example.com"})),
    ),
    "user credentials": Door(
        *("user_credentials", "/me/credentials", credentials_http_event(authorizer=_USER)),
        *(credentials_http_event("{}"), credentials_http_event(authorizer=jwt(iss="x"))),
    ),
}
# What Cognito does for each class that is not the function's own decision.
FAULTS: Final[dict[str, Act]] = {
    **{
        name: refuses(name, f"{LOGIN} {TAG} no")
        for name in (
            *("NotAuthorizedException", "ResourceNotFoundException", "ResourceConflictException"),
            *("DeveloperUserAlreadyRegisteredException", "TooManyRequestsException"),
        )
    },
    "InternalErrorException": refuses("InternalErrorException", "Oh.", 500),
    "ServiceUnavailable": garbage,
    "InternalFailure": refuses("AccessDeniedException", "the role of user-0815 is refused"),
}


class Case(NamedTuple):
    """One request: `calls` are those of Cognito that are made and timed."""

    name: str
    door: str
    path: str | None
    event: Json
    act: Act = issues
    code: str | None = None
    calls: tuple[str, ...] = (ISSUE,)
    result: Json = ISSUED
    status: int | None = None


def _cases() -> Iterator[Case]:
    wrong, denied = "InvalidParameterException", "AccessDeniedException"
    for name, door in DOORS.items():
        of, good = door[:2], door.good
        two = door.path == "/me/credentials"
        both, result = ((ISSUE, EXCHANGE), EXCHANGED) if two else ((ISSUE,), ISSUED)
        yield Case(f"{name}: issued", *of, good, calls=both, result=result)
        yield Case(f"{name}: bad", *of, door.bad, code=wrong, calls=())
        yield Case(f"{name}: denied", *of, door.denied, code=denied, calls=())
        for code, act in FAULTS.items():
            yield Case(f"{name}: {code}", *of, good, act, code)
            if two:
                yield Case(f"{name}: late {code}", *of, good, at_exchange(act), code, both)
        if door.path is None:
            yield Case(f"{name}: identity only", *of, good | {"identity_only": True}, result=_ONLY)
    for status, of_api, path, event in (
        (404, "api", "/x", http_event(route="POST /x")),
        (405, "api", "/token", http_event(method="GET", route="ANY /token")),
        (405, "api", "/me/credentials", credentials_http_event(method="POST")),
        (413, "user_api", "/me/token", user_http_event("[" * 16_385)),
        (415, "api", "/token", http_event(headers={"content-type": "a/b"})),
    ):
        code = "ResourceNotFoundException" if status == HTTPStatus.NOT_FOUND else wrong
        yield Case(f"{path}: {status}", of_api, path, event, code=code, calls=(), status=status)


CASES: Final = list(_cases())


def holds(case: Case, seen: Seen) -> None:
    """All that is promised."""
    answered(case, seen.outcome, seen.written)
    _asked(case, seen.cognito.calls)


def answered(case: Case, outcome: Outcome, written: Emitted) -> None:
    """All that is promised of an answer, whatever became of the calls."""
    error = BY_NAME[case.code] if case.code else None
    _answered(case, outcome, error)
    if case.path:
        _answered_over_http(case.path, case.status, outcome, error)
    _recorded(case, outcome, written.record, error)
    _counted(case, written)
    # A login's value is no message.
    shown = written.text if outcome.result else f"{written.text} {outcome.body} {outcome.detail}"
    assert [secret for secret in SECRETS if secret in shown] == []


def _answered(case: Case, outcome: Outcome, error: TokenIssuerError | None) -> None:
    assert outcome.code == case.code
    assert (outcome.status is None) is (case.path is None)
    if error:
        # The caller reads no more of a fault of ours than that there is one.
        assert case.code != "InternalFailure" or outcome.detail == str(error)
    else:
        result = outcome.result or {}
        assert {name: it for name, it in result.items() if name != "expires_at"} == case.result


def _answered_over_http(
    path: str, status: int | None, outcome: Outcome, error: TokenIssuerError | None
) -> None:
    status = status or (error.status if error else HTTPStatus.OK)
    kind = "application/problem+json" if error else "application/json"
    expected = {"Content-Type": kind, "Cache-Control": "no-store", "Pragma": "no-cache"}
    if error and error.retry_after_seconds:
        expected["Retry-After"] = str(error.retry_after_seconds)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        expected["Allow"] = "GET" if path == "/me/credentials" else "POST"
    assert (outcome.status, dict(outcome.headers)) == (status, expected)
    if path in DOCUMENT["paths"]:
        assert_described(path, outcome)
    if error:
        body = outcome.body
        head = ["type", "title", "status", "detail", "code", "request_id"]
        for_sdks = {"Code", "Message"} if path == "/me/credentials" else set()
        assert list(body)[:6] == head
        assert body.keys() - {"errors"} == {*head, *for_sdks}
        assert (body["type"], body["title"]) == ("about:blank", HTTPStatus(status).phrase)
        assert body["status"] == status
        assert not for_sdks or (body["Code"], body["Message"]) == (body["code"], body["detail"])


def _recorded(case: Case, outcome: Outcome, record: Json, error: TokenIssuerError | None) -> None:
    fault = error is not None and error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    issued = "identified" if case.result is _ONLY else "issued"
    assert record["outcome"] == ("refused" if error else issued)
    assert record["door"] == case.door
    assert record.get("reason") == case.code
    assert record.get("invalid_arguments", []) == list(outcome.invalid)
    assert ("identity_only" in record) is (case.result is _ONLY)
    assert record["level"] == ("ERROR" if fault else "WARNING" if error else "INFO")
    assert ("/openid_token/" in record.get("exception", "")) is fault
    assert ("cognito_ms" in record) is bool(case.calls)
    assert record.get("cognito_ms", 0) <= record["duration_ms"]


def _counted(case: Case, written: Emitted) -> None:
    (line,) = written.metrics
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "OpenIdTokenIssuer"
    units = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    issued = "IdentitiesProvided" if case.result is _ONLY else "TokensIssued"
    name = "RequestsRefused" if case.code else issued
    assert units == {name: "Count"} | ({"CognitoLatency": "Milliseconds"} if case.calls else {})
    assert (line[name], len(line.get("CognitoLatency", []))) == ([1], len(case.calls))
    by = [["door", "service"], *([["reason", "service"]] if case.code else []), ["service"]]
    assert sorted(map(sorted, directive["Dimensions"])) == by
    assert (line["door"], line.get("reason")) == (case.door, case.code)
    assert line.keys() == {"_aws", *units, *(each for group in by for each in group)}


def _asked(case: Case, calls: list[Call]) -> None:
    """In this order, however often each; the first is signed for the pool's region."""
    assert tuple(dict.fromkeys(call.operation for call in calls)) == case.calls
    for call in calls:
        signature = call.headers.get("Authorization", "")
        signed = "/eu-central-1/cognito-identity/aws4_request" in signature
        assert signed if call.operation == ISSUE else not signature
