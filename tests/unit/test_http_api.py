"""The API Gateway doors, both payloads."""

from collections.abc import Callable
from typing import Any

import pytest

from openid_token.errors import ANSWERS, InvalidParameterException, TokenIssuerError
from tests.builders import (
    LOGIN,
    ORIGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    Json,
    arguments,
    http_event,
    iam,
    jwt,
    lambda_context,
    rest_event,
    sample,
    settings,
)
from tests.doors import HTTP_DOORS, USER_DOORS, Outcome, handler, invoke
from tests.emitted import emitted
from tests.fakes import FakeCognito

both = pytest.mark.parametrize("event", HTTP_DOORS.values(), ids=HTTP_DOORS)
both_users = pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
type Make = Callable[..., Json]


def problem(outcome: Outcome) -> tuple[int | None, str | None]:
    """The status and the code of a problem, whose form is checked."""
    body = outcome.body
    assert outcome.headers["Content-Type"] == "application/problem+json"
    assert outcome.headers["Cache-Control"] == "no-store"
    assert outcome.headers["Pragma"] == "no-cache"
    assert list(body) in (
        ["type", "title", "status", "detail", "code", "request_id"],
        ["type", "title", "status", "detail", "code", "request_id", "errors"],
    )
    assert body["type"] == "about:blank"
    assert body["status"] == outcome.status
    assert body["title"]
    return outcome.status, outcome.code


@pytest.mark.parametrize("name", ["http-api", "rest-api"])
def test_the_samples_get_a_token(name: str) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), sample(name))

    assert outcome.status == 200
    assert len(cognito.requests) == 1


@both
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
def test_a_token_is_kept_nowhere(event: Make, encoded: bool) -> None:
    outcome = invoke(handler(), event(encoded=encoded))

    assert outcome.status == 200
    assert dict(outcome.headers) == {
        "Content-Type": "application/json",
        "Cache-Control": "no-store",
        "Pragma": "no-cache",
    }
    assert outcome.result is not None
    assert outcome.result.keys() == {
        "identity_pool_id",
        "identity_id",
        "logins",
        "token_duration",
        "token",
        "expires_at",
    }


@both
def test_bad_arguments_are_named(event: Make) -> None:
    context = lambda_context(aws_request_id="the-request")
    outcome = invoke(handler(), event({"token_duration": 0, "login": {}}))

    assert problem(outcome) == (400, "InvalidParameterException")
    assert outcome.body["title"] == "Bad Request"
    assert outcome.body["errors"] == [
        {"argument": "identity_pool_id", "message": "is required"},
        {"argument": "token_duration", "message": "must be between 1 and 86400 seconds"},
        {"argument": "login", "message": 'is not an argument; did you mean "logins"?'},
    ]
    answer = handler()(event("{"), context)
    assert '"request_id":"the-request"' in answer["body"]


@both
@pytest.mark.parametrize("error", ANSWERS, ids=lambda error: error.__name__)
def test_every_error_has_its_status(event: Make, error: type[TokenIssuerError]) -> None:
    outcome = invoke(handler(FakeCognito(error=error("The reason."))), event())
    answer = ANSWERS[error]
    retry = str(answer.retry_after_seconds) if answer.retry_after_seconds else None

    assert problem(outcome) == (answer.status, error.__name__)
    assert outcome.headers.get("Retry-After") == retry
    assert outcome.detail == str(error("The reason."))


@both
def test_a_bug_is_an_internal_failure_without_detail(event: Make) -> None:
    outcome = invoke(handler(FakeCognito(error=ZeroDivisionError("secret"))), event())

    assert problem(outcome) == (500, "InternalFailure")
    assert "secret" not in str(outcome.body)


@both
@pytest.mark.parametrize(
    "path", ["/", "/token/x", "//token", "/TOKEN", "/me", "/%74oken", "/x\ud800"]
)
def test_an_unknown_path_is_not_found(event: Make, path: str) -> None:
    route = {"resource": "/{proxy+}"} if event is rest_event else {"route": "$default"}
    outcome = invoke(handler(), event(path=path, **route))

    assert problem(outcome) == (404, "ResourceNotFoundException")
    assert outcome.detail == "the routes are /token, /me/token"


@both
@pytest.mark.parametrize("path", ["/token", "/me/token"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD", "OPTIONS", "x"])
def test_another_method_is_not_allowed(event: Make, method: str, path: str) -> None:
    route = {"resource": path} if event is rest_event else {"route": f"ANY {path}"}
    outcome = invoke(handler(), event(method=method, **route))

    assert problem(outcome) == (405, "InvalidParameterException")
    assert outcome.headers["Allow"] == "POST"


@both
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": "{"}, 400),
        ({"body": None}, 400),
        ({"body": "[]"}, 400),
        ({"headers": {"content-type": "text/plain", "Content-Type": "text/plain"}}, 415),
    ],
    ids=["no JSON", "empty", "no object", "no JSON by its type"],
)
def test_a_bad_body(event: Make, change: dict[str, Any], status: int) -> None:
    outcome = invoke(handler(), event(**change))

    assert problem(outcome) == (status, "InvalidParameterException")
    assert "errors" not in outcome.body


@both
def test_a_charset_is_fine(event: Make) -> None:
    types = dict.fromkeys(("content-type", "Content-Type"), "application/json; charset=utf-8")

    assert invoke(handler(), event(headers=types)).status == 200


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(http_event(authorizer=None), id="2.0, nobody"),
        pytest.param(http_event(authorizer=jwt()), id="2.0, a user"),
        pytest.param(http_event(authorizer=iam() | jwt()), id="2.0, a user with an ARN"),
        pytest.param(http_event(authorizer={"lambda": {"sub": LOGIN}}), id="2.0, Lambda"),
        pytest.param(rest_event(user_arn=None), id="1.0, nobody"),
        pytest.param(rest_event(authorizer={"claims": {"sub": LOGIN}}), id="1.0, a user"),
        pytest.param(rest_event(authorizer={"principalId": LOGIN}), id="1.0, Lambda"),
        pytest.param(
            http_event(route="$default", stage="me", path="/me/token", authorizer=jwt()),
            id="2.0, a user under a stage that completes the path",
        ),
    ],
)
def test_the_backends_door_is_for_backends(event: Json) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event)

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith("this route is for backends")
    assert not cognito.requests


@both_users
@pytest.mark.parametrize("authorizer", [None, iam()], ids=["nobody", "a backend"])
def test_the_users_door_is_for_users(event: Make, authorizer: object) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(authorizer=authorizer))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert not cognito.requests


def test_the_users_sample_gets_a_token_for_the_verified_login() -> None:
    cognito = FakeCognito()
    limits = settings(principal_tag_claims="department=custom:department,tenant=tenant_id,x=y")
    outcome = invoke(handler(cognito, limits), sample("user-http-api"))

    assert outcome.status == 200
    assert cognito.requests == [
        {
            "IdentityPoolId": POOL,
            "Logins": {PROVIDER: LOGIN},
            "PrincipalTags": {"department": "legal", "tenant": "tenant-17"},
            "TokenDuration": 300,
        }
    ]


@both_users
def test_a_user_of_either_payload_gets_a_token(event: Make) -> None:
    cognito = FakeCognito()

    assert invoke(handler(cognito, settings(user_max_token_duration="60")), event()).status == 200
    assert cognito.requests == [
        {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}, "TokenDuration": 60}
    ]


@both_users
@pytest.mark.parametrize(
    ("body", "named"),
    [
        (arguments(), "logins"),
        ({"identity_pool_id": POOL, "principal_tags": {"a": "b"}}, "principal_tags"),
        ({"identity_pool_id": POOL, "identity_id": POOL}, "identity_id"),
        ({"identity_pool_id": OTHER_POOL}, "identity_pool_id"),
        ({"identity_pool_id": POOL, "token_duration": 901}, "token_duration"),
    ],
    ids=["logins", "tags", "identity", "another pool", "too long"],
)
def test_a_user_gets_nothing_else(event: Make, body: Json, named: str) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(body))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith(f"{named}: ")
    assert not cognito.requests


@both_users
@pytest.mark.parametrize("value", ["x" * 257, 4711, ["a"]], ids=["too long", "number", "list"])
def test_a_claim_that_can_be_no_tag_is_an_error(event: Make, value: object) -> None:
    claims = {"sub": LOGIN, "department": value}
    authorizer = {"claims": claims} if event is USER_DOORS["rest api"] else jwt(**claims)
    limits = settings(principal_tag_claims="department=department")
    outcome = invoke(handler(settings=limits), event(authorizer=authorizer))

    assert problem(outcome) == (400, "InvalidParameterException")
    assert outcome.invalid == ("principal_tags",)


PREFLIGHT = {"Access-Control-Request-Method": "POST"}


def preflight(event: Make, origin: str | None, allowed: str) -> Outcome:
    headers = PREFLIGHT | {"Origin": origin}
    with emitted() as output:
        outcome = invoke(
            handler(settings=settings(allowed_origins=allowed)),
            event(None, method="OPTIONS", headers=headers),
        )
    assert bool(output.records) is not bool(allowed)
    return outcome


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@both_users
@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:5173"])
def test_a_preflight_from_an_allowed_origin(event: Make, origin: str) -> None:
    outcome = preflight(event, origin, f"{ORIGIN},http://localhost:5173")

    assert outcome.status == 204
    assert outcome.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in outcome.headers["Access-Control-Allow-Methods"].split(",")
    assert {"Authorization", "Content-Type"} <= set(
        outcome.headers["Access-Control-Allow-Headers"].split(",")
    )
    assert outcome.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in outcome.headers


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@both_users
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "https://evil.example",
        "null",
        "*",
        f"{ORIGIN}.evil.example",
        "http://shop.example.com",
    ],
)
def test_a_preflight_from_another_origin(event: Make, origin: str | None) -> None:
    outcome = preflight(event, origin, ORIGIN)

    assert outcome.status == 204
    assert "Access-Control-Allow-Origin" not in outcome.headers
    assert outcome.headers["Cache-Control"] == "no-store"


@both_users
def test_without_origins_there_is_no_preflight(event: Make) -> None:
    outcome = preflight(event, ORIGIN, "")

    assert problem(outcome) == (405, "InvalidParameterException")
    assert "Access-Control-Allow-Origin" not in outcome.headers


@both_users
@pytest.mark.parametrize("body", [{"identity_pool_id": POOL}, {}], ids=["issued", "refused"])
@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.example", None)])
def test_an_answer_names_an_allowed_origin_only(
    event: Make, body: Json, origin: str, allowed: str | None
) -> None:
    limits = settings(allowed_origins=ORIGIN)
    outcome = invoke(handler(settings=limits), event(body, headers={"Origin": origin}))

    assert outcome.headers.get("Access-Control-Allow-Origin") == allowed


@both
def test_an_event_of_another_kind_is_the_callers_error(event: Make) -> None:
    with pytest.raises(InvalidParameterException, match="of no API Gateway route"):
        handler()(event() | {"headers": 1}, lambda_context())
