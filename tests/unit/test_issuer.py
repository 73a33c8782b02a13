"""One call to Cognito, with a fake client: what is asked and what comes back."""

from datetime import datetime
from typing import Any, cast

import pytest

from openid_token.arguments import parse
from openid_token.errors import ServiceUnavailable
from openid_token.issuer import issue
from openid_token.secret import MASK
from tests.builders import IDENTITY, LOGIN, POOL, PROVIDER, TOKEN, arguments
from tests.fakes import FakeCognito, Reply, Wire

NOW = 1_795_692_992.999
GIVEN_ALL = arguments(
    identity_id=IDENTITY, principal_tags={"department": "legal"}, token_duration=60
)


@pytest.mark.parametrize(
    ("given", "request_"),
    [
        pytest.param(
            arguments(), {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}}, id="required"
        ),
        pytest.param(
            arguments(logins=...), {"IdentityPoolId": POOL, "Logins": {}}, id="logins left out"
        ),
        pytest.param(
            arguments(logins={}, principal_tags={}),
            {"IdentityPoolId": POOL, "Logins": {}, "PrincipalTags": {}},
            id="empty maps",
        ),
        pytest.param(
            GIVEN_ALL,
            {
                "IdentityPoolId": POOL,
                "IdentityId": IDENTITY,
                "Logins": {PROVIDER: LOGIN},
                "PrincipalTags": {"department": "legal"},
                "TokenDuration": 60,
            },
            id="all",
        ),
    ],
)
def test_asks_exactly_what_is_given(given: dict[str, Any], request_: dict[str, Any]) -> None:
    cognito, wire = FakeCognito(), Wire(Reply.token())

    issue(cognito.client, parse(given))
    issue(wire.client, parse(given))

    assert cognito.requests == [request_]
    assert wire.sent == [request_]


def test_signs_for_the_pools_region() -> None:
    wire = Wire(Reply.token())
    issue(wire.client, parse(arguments()))
    (request,) = wire.requests

    assert request.url == "https://cognito-identity.eu-central-1.amazonaws.com/"
    headers = cast("dict[str, bytes]", request.headers)
    assert b"/eu-central-1/cognito-identity/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Target"].endswith(b".GetOpenIdTokenForDeveloperIdentity")


@pytest.mark.parametrize(
    ("given", "result"),
    [
        pytest.param(
            GIVEN_ALL,
            GIVEN_ALL | {"token": TOKEN, "expires_at": "2026-11-26T11:37:32Z"},
            id="all",
        ),
        pytest.param(
            arguments(logins=...),
            {
                "identity_pool_id": POOL,
                "identity_id": IDENTITY,
                "logins": {},
                "token_duration": 900,
                "token": TOKEN,
                "expires_at": "2026-11-26T11:51:32Z",
            },
            id="required",
        ),
    ],
)
def test_answers_the_arguments_as_applied_and_the_token(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, Any], result: dict[str, Any]
) -> None:
    monkeypatch.setattr("time.time", lambda: NOW)
    issued = issue(FakeCognito().client, parse(given))

    assert issued.reveal() == result
    assert list(issued.reveal()) == [name for name in ORDER if name in result]


ORDER = (
    "identity_pool_id",
    "identity_id",
    "logins",
    "principal_tags",
    "token_duration",
    "token",
    "expires_at",
)


def test_the_result_shows_no_value() -> None:
    shown = repr(issue(FakeCognito().client, parse(GIVEN_ALL)))

    assert shown.count(MASK) == 3
    assert not any(value in shown for value in (LOGIN, TOKEN, "legal"))


def test_the_identity_is_the_one_that_cognito_answered_with() -> None:
    other = "eu-central-1:0"
    cognito = FakeCognito({"IdentityId": other, "Token": TOKEN})

    assert issue(cognito.client, parse(GIVEN_ALL)).identity_id == other


@pytest.mark.parametrize("duration", [1, 900, 86_400])
@pytest.mark.parametrize("started", [0.0, 0.5, 0.999])
def test_expires_no_later_than_the_token(
    monkeypatch: pytest.MonkeyPatch, duration: int, started: float
) -> None:
    started += 1_795_692_992
    clock = iter([started])  # asked once, and before the call

    def answer(**_: object) -> dict[str, str]:
        assert next(clock, None) is None
        return {"IdentityId": IDENTITY, "Token": TOKEN}

    cognito = FakeCognito()
    cognito.get_open_id_token_for_developer_identity = answer  # type: ignore[method-assign]
    given = parse(arguments(token_duration=duration))
    monkeypatch.setattr("time.time", lambda: next(clock))
    expires = issue(cognito.client, given).expires_at

    assert started - 1 < datetime.fromisoformat(expires).timestamp() - duration <= started


def test_a_bug_is_no_answer_of_cognitos() -> None:
    with pytest.raises(ZeroDivisionError):
        issue(FakeCognito(error=ZeroDivisionError()).client, parse(arguments()))


def answer(**changes: object) -> Reply:
    content = {"IdentityId": IDENTITY, "Token": "t"} | changes
    return Reply.json({name: value for name, value in content.items() if value is not ...})


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(200), id="nothing"),
        pytest.param(Reply(200, b"<html>busy</html>"), id="HTML"),
        pytest.param(Reply(200, answer().body[:-2]), id="truncated"),
        pytest.param(Reply(200, b"{}"), id="empty"),
        pytest.param(Reply.json({"__type": "NotAuthorizedException"}), id="an error as success"),
        pytest.param(answer(Token=...), id="no token"),
        pytest.param(answer(Token=""), id="empty token"),
        pytest.param(answer(Token=None), id="null token"),
        pytest.param(answer(Token=1), id="token is a number"),
        pytest.param(answer(Token=["t"]), id="token is a list"),
        pytest.param(answer(Token="t\r\nSet-Cookie: x"), id="token with line breaks"),
        pytest.param(answer(Token="t\n"), id="token with a newline at its end"),
        pytest.param(answer(Token="t\ud800"), id="token with a lone surrogate"),
        pytest.param(answer(IdentityId=...), id="no identity"),
        pytest.param(answer(IdentityId=""), id="empty identity"),
        pytest.param(answer(IdentityId="x"), id="malformed identity"),
        pytest.param(answer(IdentityId={"a": 1}), id="identity is a map"),
    ],
)
def test_an_answer_without_token_or_identity_is_unavailable(reply: Reply) -> None:
    wire = Wire(reply)

    with pytest.raises(ServiceUnavailable, match="was not understood"):
        issue(wire.client, parse(arguments()))
    assert len(wire.sent) == 1
