"""What Cognito answers, and what becomes of it: a token, credentials, or neither."""

import itertools
import math
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import pytest

from openid_token.arguments import parse
from openid_token.cognito import get_credentials, get_token
from openid_token.secret import MASK
from tests.kit.acts import (
    CREDENTIALS,
    EXCHANGE,
    Act,
    Call,
    Reply,
    answers,
    at_exchange,
    refuses,
    serves,
)
from tests.kit.builders import IDENTITY, LOGIN, OTHER_POOL, TOKEN, Json, arguments, sample, token
from tests.kit.cognito import Cognito
from tests.kit.contract import EXCHANGED
from tests.kit.doors import play

ALL: Final = arguments(
    identity_id=IDENTITY, principal_tags={"department": "legal"}, token_duration=60
)
OTHER: Final = "eu-central-1:0"
# A token is issued for it, and then exchanged.
SAMPLE: Final = sample("user-credentials")


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
        (ALL, {"expires_at": "2026-11-26T11:37:32Z"}),
        (
            arguments(logins=..., identity_id=IDENTITY),
            {"logins": {}, "token_duration": 900, "expires_at": "2026-11-26T11:51:32Z"},
        ),
    ],
    ids=["all", "required"],
)
def test_a_token_comes_with_the_arguments_as_applied(
    monkeypatch: pytest.MonkeyPatch, given: Json, more: Json
) -> None:
    client = Cognito(slowly).client()
    clock = itertools.count(1_795_692_992.999, 60)
    monkeypatch.setattr("time.time", lambda: next(clock))

    assert get_token(client, parse(given)).reveal() == given | {"token": TOKEN} | more


def test_the_result_shows_no_value_and_the_identity_that_cognito_answered_with() -> None:
    other = gives(IdentityId=OTHER, Token=token(sub=OTHER))
    shown = repr(get_token(Cognito(answers(other)).client(), parse(ALL)))

    assert f"identity_id='{OTHER}'" in shown
    assert shown.count(MASK) == 3
    assert not any(value in shown for value in (LOGIN, TOKEN, "legal"))


NO_TOKEN: Final[list[object]] = [
    *(..., "", None, 1, ["t"], f"{TOKEN}\r\nX: y", f"{TOKEN}\n", f"{TOKEN}\ud800", f"{TOKEN} b"),
    *("a", "a.b", "a.!!!.c", "a.e30.c", "a..c", f"a.{'W' * 100_001}.c", "a.bnVsbA.c"),
    *(token(iss=iss) for iss in (None, 1, "", "x", "http://a.example", "https://", ["a"])),
    *(token(iss=f"https://a.example{end}") for end in ("/", "\n", ":443", "?x", "A", "ü")),
    *(token(sub=None), token(aud=[])),
]
NO_IDENTITY: Final[list[object]] = [..., "", "x", {"a": 1}, None]
NO_TEXT: Final[list[object]] = [..., None, "", 5, [], "a b", "a\n", "ü", "\ud800"]
NO_DATE: Final[list[object]] = [
    *(..., None, "", "soon", [], {}, 1e18, -1e18, 1e300, math.nan),
    "0001-01-01T00:00:00+14:00",
]
NEITHER: Final[list[Act]] = [
    *map(answers, (Reply(200), Reply(200, b"<html>busy</html>"), Reply(200, gives().body[:-2]))),
    *map(answers, (Reply(200, b"{}"), Reply.json({"__type": "NotAuthorizedException"}))),
    *(answers(gives(Token=token)) for token in NO_TOKEN),
    *(answers(gives(IdentityId=identity)) for identity in NO_IDENTITY),
    *(
        at_exchange(answers(reply))
        for reply in (
            *(Reply(200), Reply.json({"IdentityId": IDENTITY}), Reply.json({"Credentials": []})),
        )
    ),
    *(
        serves(**{name: it})
        for name in ("AccessKeyId", "SecretKey", "SessionToken")
        for it in NO_TEXT
    ),
    *(serves(Expiration=value) for value in NO_DATE),
]


@pytest.mark.parametrize("act", NEITHER)
def test_an_answer_that_is_neither_is_unavailable_and_not_asked_for_again(act: Act) -> None:
    seen = play(SAMPLE, act)

    assert seen.outcome.code == "ServiceUnavailable"
    assert seen.outcome.detail == "Cognito's answer was not understood. Try again."
    operations = [call.operation for call in seen.cognito.calls]
    assert len(operations) == len({*operations})


CROSSED: Final = "the token is for another identity or pool than was answered"
ANOTHERS: Final = Reply.json({"IdentityId": OTHER, "Credentials": CREDENTIALS})


@pytest.mark.parametrize(
    ("event", "act", "cause"),
    [
        (SAMPLE, answers(gives(Token=token(sub=OTHER))), CROSSED),
        (SAMPLE, answers(gives(Token=token(aud=OTHER_POOL))), CROSSED),
        # The one asked for, but not the one answered.
        (arguments(identity_id=OTHER), answers(gives(Token=token(sub=OTHER))), CROSSED),
        (SAMPLE, at_exchange(answers(ANOTHERS)), "the credentials are another identity's"),
    ],
)
def test_an_answer_to_another_request_is_handed_to_nobody(event: Any, act: Act, cause: str) -> None:
    seen = play(event, act)

    assert (seen.outcome.code, seen.cognito.dropped) == ("ServiceUnavailable", 1)
    assert seen.outcome.detail == "Cognito's answer was not to this request. Try again."
    assert seen.record["detail"] == cause
    assert "access_key_id" not in seen.record


@pytest.mark.parametrize(("seconds", "status"), [(3.9, 200), (4.1, 503)])
def test_a_token_that_took_too_long_is_not_exchanged(
    monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    # The clock is read before the token is issued, and after.
    clock = itertools.accumulate(itertools.repeat(seconds))
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    seen = play(SAMPLE)

    assert seen.outcome.status == status
    assert bool(seen.cognito.asked(EXCHANGE)) is (status == 200)


@pytest.mark.parametrize(
    "host",
    [
        *("cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com"),
        "cognito-identity.cn-north-1.amazonaws.com.cn",
    ],
)
def test_a_token_is_exchanged_under_cognitos_own_name_in_its_partition(host: str) -> None:
    issued = token(iss=f"https://{host}")
    seen = play(SAMPLE, answers(gives(Token=issued)))

    assert seen.cognito.asked(EXCHANGE) == [{"IdentityId": IDENTITY, "Logins": {host: issued}}]


def test_the_expiration_is_in_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = timezone(timedelta(hours=5.5))
    there = datetime(2026, 11, 26, 12, 36, 32, 999_999, UTC).astimezone(zone)
    client = Cognito().client()
    issued = get_token(client, parse(arguments()))
    # botocore gives the time in the machine's own zone, whatever that is.
    answer = {"IdentityId": IDENTITY, "Credentials": CREDENTIALS | {"Expiration": there}}
    monkeypatch.setattr(client, "get_credentials_for_identity", lambda **_: answer)

    assert get_credentials(client, issued).expiration == EXCHANGED["Expiration"]


def test_a_pool_without_a_role_is_explained_in_the_log_alone() -> None:
    no_role = refuses("InvalidIdentityPoolConfigurationException", "No such.")
    seen = play(SAMPLE, at_exchange(no_role))

    advice = "Give the identity pool a role for authenticated users, with SetIdentityPoolRoles"
    assert f"Exception: No such. {advice}" in seen.record["detail"]
    assert (seen.outcome.code, "role" in str(seen.outcome.body)) == ("InternalFailure", False)
