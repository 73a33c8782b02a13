"""What is issued, and what Cognito is asked for it.

A row is an event, the settings of the deployment that serves it, and what of the request to Cognito
is not as usual; `None` leaves a part out.
"""

import traceback
from collections.abc import Mapping
from typing import Any, Final

import pytest

from openid_token.errors import InternalFailure
from tests.kit import builders
from tests.kit.acts import answers
from tests.kit.builders import (
    BY_LAMBDA,
    EXECUTION,
    IDENTITY,
    ISSUER,
    LIMITS,
    LOGIN,
    POOL,
    PROVIDER,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    iam,
    jwt,
    rest_event,
    sample,
    user_http_event,
    user_rest_event,
)
from tests.kit.doors import BACKEND_DOORS, handler, play

type Row = tuple[Any, Mapping[str, str], Json]

SAMPLE: Final = sample("user-credentials")
CLAIMS: Final = {"sub": LOGIN, "iss": ISSUER}
LONG: Final = "arn:aws-us-gov:iam::123456789012:" + "a" * 2000
ROOT: Final = "arn:aws-cn:iam::123456789012:root"
STATES: Final = "arn:aws:states:eu-central-1:123456789012"
SOMEBODY: Final = [
    *("nil", "x<nil>", "<nil>x", "a[b]", "map", "a map[b]", " a", "ü 🦉", "0", "nulls"),
    *("Null", "a{b}", "CN=a,OU=b", "अनिल", "a\u3164", "e\u0301", "{4711}:{42}", "{4711}", '{"a'),
    *("[4711", "map[", "map[a]b", "[a]:[b]x", "{a}", "{a: 1}"),
]
BACKENDS: Final = [
    *(http_event(), http_event(encoded=True)),
    *(http_event(authorizer=iam(userArn=arn)) for arn in (LONG, ROOT)),
    *(rest_event(), rest_event(authorizer={}), rest_event(encoded=True)),
    # A route that API Gateway chose decides, whatever the client sent; else the path does.
    *(http_event(path="/me/token"), rest_event(path="/me/token")),
    *(http_event(route=route, path="/token") for route in ("$default", "ANY /{proxy+}")),
    http_event(route="$default", path="/s/token", stage="s"),
    rest_event(path="/token", resource="/{proxy+}"),
    *(
        event(headers={"content-type": kind, "Content-Type": kind})
        for event in (http_event, rest_event)
        for kind in (None, "", "application/json; charset=utf-8", " Application/JSON ")
    ),
    *(event() | {"headers": None} for event in (http_event, rest_event)),
]
BOTH: Final = (user_http_event, user_rest_event)
USERS: Final[list[Json]] = [
    *(make(body) for make in BOTH for body in ("{}", "{" + " " * 16_382 + "}")),
    *(make(body, headers={"content-type": "a/b"}) for make in BOTH for body in (None, "")),
    *(user_http_event('{"identity_pool_id": null}'), user_http_event(path="//me/token")),
    user_rest_event(path="/%2Fme/token"),
    user_http_event(authorizer={"jwt": {"claims": CLAIMS}}),
]


def row(event: object, limits: Mapping[str, str] | None = None, /, **asked: Any) -> Row:
    return event, limits or {}, asked


GIVEN: Final = arguments(principal_tags={"a": "b"}, token_duration=60, identity_id=IDENTITY)
ASKED: Final[Json] = {"PrincipalTags": {"a": "b"}, "TokenDuration": 60, "IdentityId": IDENTITY}
ROWS: Final = [
    *(row(event) for event in (*BACKENDS, *USERS)),
    # The doors agree.
    *(row(door(GIVEN), **ASKED) for door in BACKEND_DOORS.values()),
    # Nobody will use that token.
    *(
        row(GIVEN | {"identity_only": True} | task, **ASKED | {"TokenDuration": 1})
        for task in ({}, {"execution_id": EXECUTION})
    ),
    *(row(arguments(identity_only=it, execution_id=None)) for it in (False, None)),
    *(
        row(credentials_http_event() | change, TokenDuration=60)
        for change in ({"body": "", "queryStringParameters": {}}, {"headers": None})
    ),
    *(row(user_http_event(claims={"sub": it}), Logins={PROVIDER: it}) for it in SOMEBODY),
    # One JWT is one user behind each authorizer: an HTTP API hands a number on as text.
    *(
        row(
            user_http_event(claims={"sub": number, "level": number}),
            {"principal_tag_claims": "level=level"},
            Logins={PROVIDER: "42"},
            PrincipalTags={"level": "42"},
        )
        for number in ("42", 42)
    ),
    # Where a Lambda authorizer vouches, no JWT does.
    *(
        row(event, BY_LAMBDA | {"login_claim": "a"}, Logins={PROVIDER: "1"})
        for event in (
            user_http_event(authorizer=jwt(a="of-jwt") | {"lambda": {"a": "1"}}),
            user_rest_event(authorizer={"claims": CLAIMS, "a": 1}),
            user_rest_event(authorizer={"principalId": "x", "a": "1"}),
        )
    ),
    # The login and the tags come from the claims, and from nothing else.
    row(
        user_http_event({"token_duration": 5}, claims={"uid": "4711", "d": "legal", "t": None}),
        {"login_claim": "uid", "login_prefix": "github:", "principal_tag_claims": "x=d,y=t,z=l"},
        Logins={PROVIDER: "github:4711"},
        PrincipalTags={"x": "legal"},
        TokenDuration=5,
    ),
    *(
        row(
            user_http_event(claims={"t": value}),
            {"principal_tag_claims": "tag=t"},
            PrincipalTags={"tag": str(value).lower()},
        )
        for value in ("a b_.:/=+-@9", "größe 東京　ⅷ", True, -42)
    ),
    # What a backend may not name, the deployment may: it makes a user's login and tags.
    row(
        user_http_event(claims={"t": "x"}),
        LIMITS
        | {"principal_tag_claims": "mine=t", "allowed_login_providers": "another"}
        | {"allowed_login_prefix": "a:"},
        PrincipalTags={"mine": "x"},
        TokenDuration=600,
    ),
    *(
        row(
            arguments(logins={PROVIDER: "a:1", **more}),
            {"allowed_login_prefix": "a:"},
            Logins={PROVIDER: "a:1", **more},
        )
        for more in ({}, {"graph.facebook.com": "x"})
    ),
    # What passes no limit.
    row(arguments(principal_tags={"x": "y"}), PrincipalTags={"x": "y"}),
    row(arguments(token_duration=86_400), TokenDuration=86_400),
    row(
        arguments(principal_tags={"tenant": "x"}, token_duration=600),
        LIMITS,
        PrincipalTags={"tenant": "x"},
        TokenDuration=600,
    ),
    row(
        arguments(logins={}, principal_tags={}, token_duration=1),
        LIMITS,
        Logins={},
        PrincipalTags={},
        TokenDuration=1,
    ),
    row(arguments(logins=..., token_duration=1), LIMITS, Logins={}, TokenDuration=1),
    # Where none is given, only a cap below the default of 900 seconds counts.
    *(
        row(arguments(token_duration=given), {"max_token_duration": cap}, TokenDuration=applied)
        for given, cap, applied in (
            *((None, "899", 899), (None, "900", None), (None, "86400", None), (1, "899", 1)),
            (899, "899", 899),
        )
    ),
    # A user's cap is the lower one, and no backend's. Credentials need a minute, or that.
    *(
        row(event, {"max_token_duration": both, "user_max_token_duration": users}, TokenDuration=it)
        for event, both, users, it in (
            *((user_http_event(), "1000", "500", 500), (user_http_event(), "500", "1000", 500)),
            *((SAMPLE, "86400", "900", 60), (SAMPLE, "59", "900", 59), (SAMPLE, "900", "1", 1)),
            (http_event(), "86400", "500", None),
        )
    ),
]


@pytest.mark.parametrize(("event", "limits", "asked"), ROWS)
def test_cognito_is_asked_for_this(event: Any, limits: Mapping[str, str], asked: Json) -> None:
    seen = play(event, **limits)

    assert seen.outcome.code is None
    # Where it is not asked for, it is no field.
    assert seen.record.get("identity_only", True)
    usual = {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}}
    [request] = seen.cognito.asked()
    assert request == {name: it for name, it in (usual | asked).items() if it is not None}


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_optional_parts_may_be_missing(event: Json) -> None:
    for name in ("headers", "isBase64Encoded", "routeKey", "resource"):
        event.pop(name, None)
    for name in ("requestId", "stage", "authorizer"):
        event["requestContext"].pop(name, None)

    assert play(event).outcome.status == (403 if "rawPath" in event else 200)


@pytest.mark.parametrize(
    "execution",
    [
        *(EXECUTION, "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:issue:x"),
        "arn:aws-cn:states:cn-north-1:123456789012:express:a:b:c",
        *(f"{STATES}:execution:issue:{it}" for it in ("backend@host+(1)", "größe", "a=b'c!-._")),
        f"{STATES}:express:{'n' * 80}/{'n' * 80}:{'n' * 80}:{'n' * 80}",
    ],
)
def test_a_task_of_step_functions_is_noted(execution: str) -> None:
    seen = play(arguments(execution_id=execution))

    assert "execution_id" not in {**(seen.outcome.result or {}), **seen.cognito.asked()[0]}
    assert seen.record["execution_id"] == execution


def test_a_bug_escapes_as_an_internal_failure_that_shows_nothing() -> None:
    function = handler(answers(ZeroDivisionError("canary-5d1f-user")))

    with pytest.raises(InternalFailure) as raised:
        function(arguments(), builders.lambda_context())
    shown = "".join(traceback.format_exception(raised.value))
    assert not [word for word in ("canary", "ZeroDivision", "cognito.py") if word in shown]
    # This one and the handler's own: the runtime client shows the latter to the caller.
    assert len(traceback.extract_tb(raised.value.__traceback__)) == 2


def test_a_problem_names_the_request() -> None:
    context = builders.lambda_context(aws_request_id="the-request")

    assert '"request_id":"the-request"' in handler()(http_event("{"), context)["body"]
