"""The API Gateway doors, both payloads: what is answered, and who gets what."""

from collections.abc import Callable

import pytest

from openid_token.errors import InternalFailure, TokenIssuerError
from tests import builders
from tests.builders import (
    EXECUTION,
    POOL,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    iam,
    jwt,
    lambda_context,
    rest_event,
    settings,
)
from tests.doors import (
    ERRORS,
    HTTP_DOORS,
    USER_DOORS,
    handler,
    invoke,
    problem,
)
from tests.emitted import emitted
from tests.fakes import FakeCognito

both = pytest.mark.parametrize("event", HTTP_DOORS.values(), ids=HTTP_DOORS)
type Make = Callable[..., Json]


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
    assert (outcome.result or {}).keys() == {
        *("identity_pool_id", "identity_id", "logins"),
        *("token_duration", "token", "expires_at"),
    }


@both
def test_bad_arguments_are_named(event: Make) -> None:
    outcome = invoke(handler(), event({"token_duration": 0, "login": {}}))

    assert problem(outcome) == (400, "InvalidParameterException")
    assert outcome.body["title"] == "Bad Request"
    assert outcome.body["errors"] == [
        {"argument": "identity_pool_id", "message": "is required"},
        {"argument": "token_duration", "message": "must be between 1 and 86400 seconds"},
        {"argument": "login", "message": 'is not an argument; did you mean "logins"?'},
    ]
    answer = handler()(event("{"), lambda_context(aws_request_id="the-request"))
    assert '"request_id":"the-request"' in answer["body"]


@both
@pytest.mark.parametrize("raised", [*ERRORS, ZeroDivisionError], ids=lambda error: error.__name__)
def test_every_error_has_its_status(event: Make, raised: type[Exception]) -> None:
    outcome = invoke(handler(FakeCognito(error=raised("The reason."))), event())
    error = raised if issubclass(raised, TokenIssuerError) else InternalFailure
    retry = error.retry_after_seconds

    assert problem(outcome) == (error().status, error.__name__)
    assert outcome.headers.get("Retry-After") == (str(retry) if retry else None)
    assert outcome.detail == str(error("The reason."))


@both
@pytest.mark.parametrize(
    "path", ["/", "/token/x", "//token", "/TOKEN", "/me", "/%74oken", "/x\ud800"]
)
def test_an_unknown_path_is_not_found(event: Make, path: str) -> None:
    route = {"resource": "/{proxy+}"} if event is rest_event else {"route": "$default"}
    outcome = invoke(handler(), event(path=path, **route))

    assert problem(outcome) == (404, "ResourceNotFoundException")
    assert outcome.detail == "the routes are /token, /me/token, /me/credentials"


@both
@pytest.mark.parametrize(
    ("path", "allowed"), [("/token", "POST"), ("/me/token", "POST"), ("/me/credentials", "GET")]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "x"])
def test_another_method_is_not_allowed(event: Make, method: str, path: str, allowed: str) -> None:
    if method == allowed:
        return
    route = {"resource": path} if event is rest_event else {"route": f"ANY {path}"}
    outcome = invoke(handler(), event(method=method, **route))

    assert problem(outcome) == (405, "InvalidParameterException")
    assert outcome.headers["Allow"] == allowed


@both
def test_the_keys_of_the_direct_door_are_no_arguments(event: Make) -> None:
    given = arguments(execution_id=EXECUTION, identity_only=True)

    assert invoke(handler(), event(given)).invalid == ("execution_id", "identity_only")


@pytest.mark.parametrize(
    "event",
    [
        http_event(authorizer=None),
        http_event(authorizer=iam() | jwt()),
        # The stage completes the path.
        http_event(route="$default", stage="me", path="/me/token", authorizer=jwt()),
        rest_event(user_arn=None),
        rest_event(authorizer={"claims": {"sub": "user-4711"}}),
    ],
    ids=["nobody", "a user with an ARN", "a user at a stage", "1.0, nobody", "1.0, a user"],
)
def test_the_backends_door_is_for_backends(event: Json) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event)

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith("this route is for backends")
    assert not cognito.requests


@pytest.mark.parametrize("event", [*USER_DOORS.values(), credentials_http_event])
@pytest.mark.parametrize("authorizer", [None, iam()], ids=["nobody", "a backend"])
def test_the_users_doors_are_for_users(event: Make, authorizer: object) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(authorizer=authorizer))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert not cognito.requests


@pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
def test_a_user_gets_a_token_for_the_verified_login_and_tags(event: Make) -> None:
    cognito = FakeCognito()
    limits = settings(
        principal_tag_claims="department=custom:department,x=y", user_max_token_duration="60"
    )
    outcome = invoke(handler(cognito, limits), event(claims={"custom:department": "legal"}))

    assert outcome.status == 200
    assert cognito.requests == [
        {
            "IdentityPoolId": POOL,
            "Logins": {builders.PROVIDER: builders.LOGIN},
            "PrincipalTags": {"department": "legal"},
            "TokenDuration": 60,
        }
    ]


@pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
@pytest.mark.parametrize("body", [None, "", "{}", '{"identity_pool_id": null}'])
def test_a_user_need_not_name_the_pool(event: Make, body: str | None) -> None:
    headers = {} if body else {"content-type": "text/plain"}
    outcome = invoke(handler(), event(body, headers=headers))

    assert (outcome.status, (outcome.result or {})["identity_pool_id"]) == (200, POOL)


@pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
def test_a_users_body_has_a_limit_and_is_not_decoded_past_it(event: Make, encoded: bool) -> None:
    body = "[" * 16_385
    with emitted() as output:
        outcome = invoke(handler(), event(body, encoded=encoded))

    assert problem(outcome) == (413, "InvalidParameterException")
    assert outcome.detail == "the body must have at most 16384 characters"
    assert output.record["door"] == "user_api"
    assert invoke(handler(), event("{" + " " * 16_382 + "}")).status == 200


def test_a_function_url_is_a_backends_door() -> None:
    """With `AWS_IAM`; without, and at the users' paths, there is nobody."""
    url = http_event(route="$default", path="/token")
    assert invoke(handler(), url).status == 200
    for nobodys in (http_event(route="$default", path="/me/token"), url | {"rawPath": "/me/token"}):
        assert invoke(handler(), nobodys).status == 403
    assert invoke(handler(), http_event(route="$default", authorizer=None)).status == 403
