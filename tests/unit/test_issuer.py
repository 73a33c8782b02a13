"""One call to Cognito, with a fake client: what is asked and what comes back."""

from datetime import datetime
from typing import cast

import pytest

from openid_token.arguments import parse
from openid_token.errors import ServiceUnavailable
from openid_token.issuer import issue
from openid_token.secret import MASK
from tests.builders import IDENTITY, LOGIN, POOL, PROVIDER, TOKEN, Json, arguments
from tests.fakes import FakeCognito, Reply, Wire

GIVEN_ALL = arguments(
    identity_id=IDENTITY, principal_tags={"department": "legal"}, token_duration=60
)


@pytest.mark.parametrize(
    ("given", "more"),
    [
        (arguments(), {}),
        (arguments(logins=...), {"Logins": {}}),
        (arguments(logins={}, principal_tags={}), {"Logins": {}, "PrincipalTags": {}}),
        (
            GIVEN_ALL,
            {"IdentityId": IDENTITY, "PrincipalTags": {"department": "legal"}, "TokenDuration": 60},
        ),
    ],
    ids=["required", "logins left out", "empty maps", "all"],
)
def test_asks_exactly_what_is_given(given: Json, more: Json) -> None:
    cognito, wire = FakeCognito(), Wire(Reply.token())
    asked = {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}} | more

    issue(cognito.client, parse(given))
    issue(wire.client, parse(given))

    assert cognito.requests == wire.sent == [asked]


def test_signs_for_the_pools_region() -> None:
    wire = Wire(Reply.token())
    issue(wire.client, parse(arguments()))
    (request,) = wire.requests

    assert request.url == "https://cognito-identity.eu-central-1.amazonaws.com/"
    headers = cast("dict[str, bytes]", request.headers)
    assert b"/eu-central-1/cognito-identity/aws4_request" in headers["Authorization"]
    assert headers["X-Amz-Target"].endswith(b".GetOpenIdTokenForDeveloperIdentity")


ORDER = (
    *("identity_pool_id", "identity_id", "logins", "principal_tags"),
    *("token_duration", "token", "expires_at"),
)


@pytest.mark.parametrize(
    ("given", "more"),
    [
        (GIVEN_ALL, {"expires_at": "2026-11-26T11:37:32Z"}),
        (
            arguments(logins=..., identity_id=IDENTITY),
            {"logins": {}, "token_duration": 900, "expires_at": "2026-11-26T11:51:32Z"},
        ),
    ],
    ids=["all", "required"],
)
def test_answers_the_arguments_as_applied_and_the_token(
    monkeypatch: pytest.MonkeyPatch, given: Json, more: Json
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_795_692_992.999)
    issued = issue(FakeCognito().client, parse(given)).reveal()

    assert issued == given | {"token": TOKEN} | more
    assert list(issued) == [name for name in ORDER if name in issued]


def test_the_result_shows_no_value_and_the_identity_that_cognito_answered_with() -> None:
    cognito = FakeCognito({"IdentityId": "eu-central-1:0", "Token": TOKEN})
    shown = repr(issue(cognito.client, parse(GIVEN_ALL)))

    assert "identity_id='eu-central-1:0'" in shown
    assert shown.count(MASK) == 3
    assert not any(value in shown for value in (LOGIN, TOKEN, "legal"))


@pytest.mark.parametrize("duration", [1, 900, 86_400])
@pytest.mark.parametrize("started", [0.0, 0.5, 0.999])
def test_expires_no_later_than_the_token(
    monkeypatch: pytest.MonkeyPatch, duration: int, started: float
) -> None:
    started += 1_795_692_992
    clock = iter([started])  # asked once, and before the call

    def answer_later(**_: object) -> dict[str, str]:
        assert next(clock, None) is None
        return {"IdentityId": IDENTITY, "Token": TOKEN}

    cognito = FakeCognito()
    cognito.get_open_id_token_for_developer_identity = answer_later  # type: ignore[method-assign]
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


NO_TOKEN: tuple[object, ...] = (..., "", None, 1, ["t"], "t\r\nX: y", "t\n", "t\ud800", "a b")
NO_IDENTITY: tuple[object, ...] = (..., "", "x", {"a": 1}, None)


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(200), Reply(200, b"<html>busy</html>"), Reply(200, answer().body[:-2])),
        *(Reply(200, b"{}"), Reply.json({"__type": "NotAuthorizedException"})),
        *(answer(Token=token) for token in NO_TOKEN),
        *(answer(IdentityId=identity) for identity in NO_IDENTITY),
    ],
    ids=lambda reply: ascii(reply.body)[:60],
)
def test_an_answer_without_token_or_identity_is_unavailable(reply: Reply) -> None:
    wire = Wire(reply)

    with pytest.raises(ServiceUnavailable, match="was not understood"):
        issue(wire.client, parse(arguments()))
    assert len(wire.sent) == 1
