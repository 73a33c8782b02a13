"""The call for a token: what is asked and what comes back."""

import itertools
import time

import pytest

from openid_token.arguments import parse
from openid_token.cognito import get_token
from openid_token.errors import ServiceUnavailable
from openid_token.secret import MASK
from tests.kit.builders import (
    IDENTITY,
    LOGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    TOKEN,
    Json,
    arguments,
    token,
)
from tests.kit.cognito import Call, Cognito, Reply, answers

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
    cognito = Cognito()
    get_token(cognito.client(), parse(given))

    assert cognito.asked() == [{"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}} | more]


def gives(**changes: object) -> Reply:
    """The good answer but for these changes; `...` leaves a part out."""
    content = {"IdentityId": IDENTITY, "Token": TOKEN} | changes
    return Reply.json({name: value for name, value in content.items() if value is not ...})


def slowly(call: Call) -> Reply:
    """Read the clock too, so that whoever reads it afterwards reads another time."""
    time.time()
    return gives()


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
    client = Cognito(slowly).client()
    clock = itertools.count(1_795_692_992.999, 60)
    monkeypatch.setattr("time.time", lambda: next(clock))
    issued = get_token(client, parse(given)).reveal()

    assert issued == given | {"token": TOKEN} | more


def test_the_result_shows_no_value_and_the_identity_that_cognito_answered_with() -> None:
    other = gives(IdentityId="eu-central-1:0", Token=token(sub="eu-central-1:0"))
    shown = repr(get_token(Cognito(answers(other)).client(), parse(GIVEN_ALL)))

    assert "identity_id='eu-central-1:0'" in shown
    assert shown.count(MASK) == 3
    assert not any(value in shown for value in (LOGIN, TOKEN, "legal"))


NO_TOKEN: tuple[object, ...] = (
    *(..., "", None, 1, ["t"], f"{TOKEN}\r\nX: y", f"{TOKEN}\n", f"{TOKEN}\ud800", f"{TOKEN} b"),
    *("a", "a.b", "a.!!!.c", "a.e30.c", "a..c", f"a.{'W' * 100_001}.c", "a.bnVsbA.c"),
    *(token(iss=iss) for iss in (None, 1, "", "x", "http://a.example", "https://", ["a"])),
    *(token(iss=f"https://a.example{end}") for end in ("/", "\n", ":443", "?x", "A", "ü")),
    *(token(sub=None), token(aud=[POOL])),
)
NO_IDENTITY: tuple[object, ...] = (..., "", "x", {"a": 1}, None)


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(200), Reply(200, b"<html>busy</html>"), Reply(200, gives().body[:-2])),
        *(Reply(200, b"{}"), Reply.json({"__type": "NotAuthorizedException"})),
        *(gives(Token=token) for token in NO_TOKEN),
        *(gives(IdentityId=identity) for identity in NO_IDENTITY),
    ],
    ids=lambda reply: ascii(reply.body)[:60],
)
def test_an_answer_without_token_or_identity_is_unavailable(reply: Reply) -> None:
    cognito = Cognito(answers(reply))

    with pytest.raises(ServiceUnavailable, match="was not understood"):
        get_token(cognito.client(), parse(arguments()))
    assert len(cognito.calls) == 1


@pytest.mark.parametrize(
    ("answered", "asked"),
    [
        ({"sub": "eu-central-1:0"}, {}),
        ({"aud": OTHER_POOL}, {}),
        ({"sub": "eu-central-1:0"}, {"identity_id": "eu-central-1:0"}),
    ],
    ids=["another identity", "another pool", "the one asked for, but not the one answered"],
)
def test_an_answer_to_another_request_is_handed_to_nobody(answered: Json, asked: Json) -> None:
    cognito = Cognito(answers(gives(Token=token(**answered))))

    with pytest.raises(ServiceUnavailable, match="not to this request") as raised:
        get_token(cognito.client(), parse(arguments(**asked)))
    assert raised.value.cause == "the token is for another identity or pool than was answered"
    assert cognito.dropped
