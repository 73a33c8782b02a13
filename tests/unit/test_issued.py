"""Who gets what: what Cognito is asked, and what comes back, at each door."""

import itertools
import math
import traceback
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import pytest

from openid_token.arguments import parse
from openid_token.cognito import get_credentials, get_token
from openid_token.errors import InternalFailure
from tests.kit import builders
from tests.kit.builders import (
    EXECUTION,
    IDENTITY,
    ISSUER,
    LOGIN,
    POOL,
    PROVIDER,
    TOKEN,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    iam,
    jwt,
    rest_event,
    sample,
    token,
    user_http_event,
    user_rest_event,
)
from tests.kit.cognito import (
    CREDENTIALS,
    EXCHANGE,
    Cognito,
    Reply,
    answers,
    at_exchange,
    refuses,
    serves,
)
from tests.kit.doors import BACKEND_DOORS, exchange, handler, raising

type Row = tuple[Any, Json, Json]

SAMPLE: Final = sample("user-credentials")
BY_LAMBDA: Final = {"jwt_issuer": "", "user_authorizer_arn": "arn:aws:lambda:x"}
LIMITS: Final = {
    "allowed_principal_tags": "tenant,department",
    "allowed_login_providers": PROVIDER,
    "max_token_duration": "600",
}
CLAIMS: Final = {"sub": LOGIN, "iss": ISSUER}
LONG: Final = "arn:" + "a" * 2044
STATES: Final = "arn:aws:states:eu-central-1:123456789012"
SOMEBODY: Final = [
    *("nil", "x<nil>", "<nil>x", "a[b]", "map", "a map[b]", " a", "ü 🦉", "0", "nulls"),
    *("Null", "a{b}", "CN=a,OU=b", "अनिल", "a\u3164", "e\u0301"),
]
BACKENDS: Final = [
    *(http_event(), http_event(authorizer=iam(userArn=LONG)), http_event(encoded=True)),
    *(rest_event(), rest_event(authorizer={}), rest_event(encoded=True)),
    # A route that API Gateway chose decides, whatever the client sent; else the path does.
    *(http_event(path="/me/token"), rest_event(path="/me/token")),
    *(http_event(route=route, path="/token") for route in ("$default", "ANY /{proxy+}")),
    *(
        http_event(route="$default", path="/s/token", stage="s"),
        rest_event(path="/token", resource="/{proxy+}"),
    ),
    *(
        event(headers={"content-type": kind, "Content-Type": kind})
        for event in (http_event, rest_event)
        for kind in (None, "", "application/json; charset=utf-8", " Application/JSON ")
    ),
    *(event() | {"headers": None} for event in (http_event, rest_event)),
]
USERS: Final[list[Json]] = [
    *(
        make(body)
        for make in (user_http_event, user_rest_event)
        for body in ("{}", "{" + " " * 16_382 + "}")
    ),
    *(
        make(body, headers={"content-type": "text/plain"})
        for make in (user_http_event, user_rest_event)
        for body in (None, "")
    ),
    *(user_http_event('{"identity_pool_id": null}'), user_http_event(path="//me/token")),
    user_rest_event(path="/%2Fme/token"),
    user_http_event(authorizer={"jwt": {"claims": CLAIMS}}),
]
ROWS: Final[list[Row]] = [
    *((event, {}, {}) for event in (*BACKENDS, *USERS)),
    *((user_http_event(claims={"sub": it}), {}, {"Logins": {PROVIDER: it}}) for it in SOMEBODY),
    # One JWT is one user behind each authorizer: an HTTP API hands a number on as text.
    *(
        (
            user_http_event(claims={"sub": number, "level": number}),
            {"principal_tag_claims": "level=level"},
            {"Logins": {PROVIDER: "42"}, "PrincipalTags": {"level": "42"}},
        )
        for number in ("42", 42)
    ),
    # Where a Lambda authorizer vouches, no JWT does.
    (
        user_http_event(authorizer=jwt() | {"lambda": {"sub": "of-lambda"}}),
        *(BY_LAMBDA, {"Logins": {PROVIDER: "of-lambda"}}),
    ),
    *(
        (
            user_rest_event(authorizer=it),
            BY_LAMBDA | {"login_claim": "a"},
            {"Logins": {PROVIDER: "1"}},
        )
        for it in ({"claims": CLAIMS, "a": 1}, {"principalId": "x", "a": "1"})
    ),
    # The login and the tags come from the claims, and from nothing else.
    (
        user_http_event({"token_duration": 5}, claims={"uid": "4711", "d": "legal", "t": None}),
        {
            "login_claim": "uid",
            "login_prefix": "github:",
            "principal_tag_claims": "department=d,tenant=t,level=l",
        },
        {
            "Logins": {PROVIDER: "github:4711"},
            "PrincipalTags": {"department": "legal"},
            "TokenDuration": 5,
        },
    ),
    *(
        (
            user_http_event(claims={"t": value}),
            {"principal_tag_claims": "tag=t"},
            {"PrincipalTags": {"tag": text}},
        )
        for value, text in (
            *((it, it) for it in ("a b_.:/=+-@9", "größe 東京　Ⅷ")),
            *((True, "true"), (-42, "-42")),
        )
    ),
    # What passes no limit.
    *(
        (
            given,
            limits,
            {
                "Logins": given.get("logins", {}),
                "PrincipalTags": given.get("principal_tags"),
                "TokenDuration": given["token_duration"],
            },
        )
        for given, limits in (
            (arguments(principal_tags={"any": "tag"}, token_duration=86_400), {}),
            (arguments(principal_tags={"tenant": "x"}, token_duration=600), LIMITS),
            (arguments(logins=..., token_duration=1), LIMITS),
            (arguments(logins={}, token_duration=1), LIMITS),
        )
    ),
    # Where none is given, only a cap below the default of 900 seconds counts.
    *(
        (arguments(token_duration=given), {"max_token_duration": cap}, {"TokenDuration": applied})
        for given, cap, applied in (
            *((None, "899", 899), (None, "900", None), (None, "86400", None), (1, "899", 1)),
            (899, "899", 899),
        )
    ),
    # A user's cap is the lower one, and no backend's. Credentials need a minute, or that.
    *(
        (
            event,
            {"max_token_duration": both, "user_max_token_duration": users},
            {"TokenDuration": it},
        )
        for event, both, users, it in (
            *((user_http_event(), "1000", "500", 500), (user_http_event(), "500", "1000", 500)),
            *((SAMPLE, "86400", "900", 60), (SAMPLE, "59", "900", 59), (SAMPLE, "900", "1", 1)),
            (http_event(), "86400", "500", None),
        )
    ),
]


@pytest.mark.parametrize(("event", "limits", "asked"), ROWS)
def test_cognito_is_asked_for_this(event: Any, limits: Json, asked: Json) -> None:
    seen = exchange(event, **limits)

    assert seen.outcome.status in {200, None}
    assert seen.outcome.code is None
    usual = {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}}
    [request] = seen.cognito.asked()
    assert request == {name: it for name, it in (usual | asked).items() if it is not None}


def test_the_doors_agree_on_good_input() -> None:
    given = arguments(principal_tags={"a": "b"}, token_duration=60, identity_id=IDENTITY)
    for door in BACKEND_DOORS.values():
        seen = exchange(door(given))
        assert given.items() <= (seen.outcome.result or {}).items()
        assert seen.cognito.asked() == [
            {
                "IdentityPoolId": POOL,
                "IdentityId": IDENTITY,
                "Logins": {PROVIDER: LOGIN},
                "PrincipalTags": {"a": "b"},
                "TokenDuration": 60,
            }
        ]


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_optional_parts_may_be_missing(event: Json) -> None:
    for name in ("headers", "isBase64Encoded", "routeKey", "resource"):
        event.pop(name, None)
    for name in ("requestId", "stage", "authorizer"):
        event["requestContext"].pop(name, None)

    assert exchange(event).outcome.status == (403 if "rawPath" in event else 200)


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
    seen = exchange(arguments(execution_id=execution))

    assert "execution_id" not in {**(seen.outcome.result or {}), **seen.cognito.asked()[0]}
    assert seen.record["execution_id"] == execution


@pytest.mark.parametrize("door", ["direct", "step functions"])
def test_identity_only_leaves_the_token_out(door: str) -> None:
    given = arguments(identity_only=True, token_duration=600, principal_tags={"a": "b"})
    seen = exchange(BACKEND_DOORS[door](given))

    assert seen.outcome.result == {"identity_pool_id": POOL, "identity_id": IDENTITY}
    # Nobody will use that token.
    assert seen.cognito.asked()[0]["TokenDuration"] == 1
    assert seen.record["identity_only"] is True


@pytest.mark.parametrize("value", [False, None])
def test_the_keys_of_the_door_may_be_left_out(value: object) -> None:
    record = exchange(arguments(identity_only=value, execution_id=None)).record

    assert (record["door"], record["outcome"]) == ("direct", "issued")
    assert "identity_only" not in record


def test_a_bug_escapes_as_an_internal_failure_that_shows_nothing() -> None:
    function = handler(raising(ZeroDivisionError("canary-5d1f-user")))

    with pytest.raises(InternalFailure) as raised:
        function(arguments(), builders.lambda_context())
    shown = "".join(traceback.format_exception(raised.value))
    assert not [word for word in ("canary", "ZeroDivision", "cognito.py") if word in shown]
    # This one and the handler's own: the runtime client shows the latter to the caller.
    assert len(traceback.extract_tb(raised.value.__traceback__)) == 2


def test_a_problem_names_the_request() -> None:
    context = builders.lambda_context(aws_request_id="the-request")

    assert '"request_id":"the-request"' in handler()(http_event("{"), context)["body"]


# ---- GET /me/credentials ----

ANSWER: Final = {
    "AccessKeyId": CREDENTIALS["AccessKeyId"],
    "SecretAccessKey": CREDENTIALS["SecretKey"],
    "Token": CREDENTIALS["SessionToken"],
    "Expiration": "2026-11-26T12:36:32Z",
    "IdentityId": IDENTITY,
}
NO_ROLE: Final = "Give the identity pool a role for authenticated users, with SetIdentityPoolRoles"
NO_TEXT: Final[list[object]] = [..., None, "", 5, [], "a b", "a\n", "ü", "\ud800"]
NO_DATE: Final[list[object]] = [
    *(..., None, "", "soon", [], {}, 1e18, -1e18, 1e300, math.nan),
    "0001-01-01T00:00:00+14:00",
]


@pytest.mark.parametrize("change", [{"body": "", "queryStringParameters": {}}, {"headers": None}])
def test_hands_out_credentials_and_nothing_else(change: Json) -> None:
    seen = exchange(credentials_http_event() | change)

    assert seen.outcome.result == ANSWER
    logins = {"cognito-identity.amazonaws.com": TOKEN}
    assert seen.cognito.asked(EXCHANGE) == [{"IdentityId": IDENTITY, "Logins": logins}]


@pytest.mark.parametrize(("seconds", "status"), [(3.9, 200), (4.1, 503)])
def test_a_token_that_took_too_long_is_not_exchanged(
    monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    # The clock is read before the token is issued, and after.
    clock = itertools.accumulate(itertools.repeat(seconds))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    seen = exchange(SAMPLE)

    assert seen.outcome.status == status
    assert bool(seen.cognito.asked(EXCHANGE)) is (status == 200)


@pytest.mark.parametrize(
    "host",
    [
        *("cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com"),
        "cognito-identity.cn-north-1.amazonaws.com.cn",
    ],
)
def test_the_login_is_cognitos_own_name_in_its_partition(host: str) -> None:
    issued = token(iss=f"https://{host}")
    seen = exchange(SAMPLE, answers(Reply.json({"IdentityId": IDENTITY, "Token": issued})))

    assert seen.cognito.asked(EXCHANGE)[0]["Logins"] == {host: issued}


def test_another_identitys_credentials_are_handed_to_nobody() -> None:
    another = Reply.json({"IdentityId": "eu-central-1:0", "Credentials": CREDENTIALS})
    seen = exchange(SAMPLE, at_exchange(answers(another)))

    assert (seen.outcome.code, seen.cognito.dropped) == ("ServiceUnavailable", 1)
    assert seen.record["detail"] == "the credentials are another identity's"
    assert "access_key_id" not in seen.record


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(200), Reply.json({"IdentityId": IDENTITY}), Reply.json({"Credentials": []})),
        *({name: it} for name in ("AccessKeyId", "SecretKey", "SessionToken") for it in NO_TEXT),
        *({"Expiration": value} for value in NO_DATE),
    ],
)
def test_an_answer_without_credentials_is_unavailable(reply: Reply | Json) -> None:
    act = serves(**reply) if isinstance(reply, dict) else at_exchange(answers(reply))
    outcome = exchange(SAMPLE, act).outcome

    assert (outcome.status, outcome.code) == (503, "ServiceUnavailable")
    assert outcome.detail == "Cognito's answer was not understood. Try again."


def test_the_expiration_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = timezone(timedelta(hours=5.5))
    there = datetime(2026, 11, 26, 12, 36, 32, 999_999, UTC).astimezone(zone)
    client = Cognito().client()
    issued = get_token(client, parse(arguments()))
    # botocore gives the time in the machine's own zone, whatever that is.
    answer = {"IdentityId": IDENTITY, "Credentials": CREDENTIALS | {"Expiration": there}}
    monkeypatch.setattr(client, "get_credentials_for_identity", lambda **_: answer)

    assert get_credentials(client, issued).expiration == ANSWER["Expiration"]


def test_a_pool_without_a_role_is_explained_in_the_log_alone() -> None:
    no_role = refuses("InvalidIdentityPoolConfigurationException", "No such.")
    seen = exchange(SAMPLE, at_exchange(no_role))

    assert f"Exception: No such. {NO_ROLE}" in seen.record["detail"]
    assert (seen.outcome.status, seen.outcome.detail) == (500, str(InternalFailure()))
    assert "role" not in str(seen.outcome.body)
