"""The documented rules, at both ends of each."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from openid_token.arguments import RULES, parse
from openid_token.errors import InvalidParameterException
from openid_token.secret import Secret
from tests.builders import IDENTITY, LOGIN, POOL, PROVIDER, arguments

ID_FORM = "must have the form REGION:GUID, such as"
STRING = "must be a string"
ID_LENGTH = "must be between 1 and 55 characters"
LOGIN_MAP = "must be a map of strings to strings (provider name to user identifier)"
TAG_MAP = "must be a map of strings to strings (tag name to value)"
LOGIN_SIZES = (
    "must have names between 1 and 128 characters and values between 1 and 50000 characters"
)
TAG_SIZES = "must have names between 1 and 128 characters and values between 1 and 256 characters"
INTEGER = "must be an integer"
SECONDS = "must be between 1 and 86400 seconds"
UNICODE = "must be valid Unicode text, without lone surrogates"


def entries(count: int) -> dict[str, str]:
    return {f"name-{number}": "value" for number in range(count)}


def violations(given: Mapping[str, object]) -> dict[str, str]:
    """The violations by argument; there is one for each."""
    with pytest.raises(InvalidParameterException) as raised:
        parse(given)
    named = dict(raised.value.violations)
    assert len(named) == len(raised.value.violations)
    assert str(raised.value) == "; ".join(f"{name} {text}" for name, text in named.items())
    return named


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        pytest.param("identity_pool_id", "a:0", id="pool, shortest"),
        pytest.param("identity_pool_id", "a:" + "0" * 53, id="pool, longest"),
        pytest.param("identity_pool_id", "Ab_9-:-f", id="pool, every kind of character"),
        pytest.param("identity_id", "a:0", id="identity, shortest"),
        pytest.param("identity_id", "a:" + "0" * 53, id="identity, longest"),
        pytest.param("logins", {}, id="logins, none"),
        pytest.param("logins", entries(10), id="logins, most"),
        pytest.param("logins", {"n": "v"}, id="login, shortest"),
        pytest.param("logins", {"n" * 128: "v" * 50_000}, id="login, longest"),
        pytest.param("logins", {"größe": "🦉\n\x00"}, id="login, any text"),
        pytest.param("principal_tags", {}, id="tags, none"),
        pytest.param("principal_tags", entries(50), id="tags, most"),
        pytest.param("principal_tags", {"n": "v"}, id="tag, shortest"),
        pytest.param("principal_tags", {"n" * 128: "v" * 256}, id="tag, longest"),
        pytest.param("token_duration", 1, id="duration, shortest"),
        pytest.param("token_duration", 86_400, id="duration, longest"),
    ],
)
def test_accepts_what_keeps_the_rule(argument: str, value: Any) -> None:
    parsed = getattr(parse(arguments(**{argument: value})), argument)

    if isinstance(value, dict):
        assert {name: secret.reveal() for name, secret in parsed.items()} == value
    else:
        assert parsed == value


@pytest.mark.parametrize(
    ("argument", "value", "message"),
    [
        pytest.param("identity_pool_id", "", ID_LENGTH, id="pool, empty"),
        pytest.param("identity_pool_id", "a:" + "0" * 54, ID_LENGTH, id="pool, too long"),
        pytest.param("identity_pool_id", POOL + "\n", ID_FORM, id="pool, trailing newline"),
        pytest.param("identity_pool_id", " " + POOL, ID_FORM, id="pool, leading space"),
        pytest.param("identity_pool_id", "a:A", ID_FORM, id="pool, upper case"),
        pytest.param("identity_pool_id", "é:0", ID_FORM, id="pool, beyond ASCII"),
        pytest.param("identity_pool_id", "a:٣", ID_FORM, id="pool, a digit beyond ASCII"),
        pytest.param("identity_pool_id", "a:0:0", ID_FORM, id="pool, two colons"),
        pytest.param("identity_pool_id", ":0", ID_FORM, id="pool, no region"),
        pytest.param("identity_pool_id", "a:", ID_FORM, id="pool, no id"),
        pytest.param("identity_pool_id", "\ud800:0", ID_FORM, id="pool, lone surrogate"),
        pytest.param("identity_pool_id", 1, STRING, id="pool, a number"),
        pytest.param("identity_pool_id", [POOL], STRING, id="pool, a list"),
        pytest.param("identity_pool_id", POOL.encode(), STRING, id="pool, bytes"),
        pytest.param("identity_id", "", ID_LENGTH, id="identity, empty"),
        pytest.param("identity_id", "a:" + "0" * 54, ID_LENGTH, id="identity, too long"),
        pytest.param("identity_id", IDENTITY + "\n", ID_FORM, id="identity, trailing newline"),
        pytest.param("identity_id", False, STRING, id="identity, a boolean"),
        pytest.param("identity_id", {}, STRING, id="identity, a map"),
        pytest.param("logins", [], LOGIN_MAP, id="logins, a list"),
        pytest.param("logins", "x", LOGIN_MAP, id="logins, a string"),
        pytest.param("logins", entries(11), "must have at most 10 entries", id="logins, too many"),
        pytest.param("logins", {"": "v"}, LOGIN_SIZES, id="login, empty name"),
        pytest.param("logins", {"n" * 129: "v"}, LOGIN_SIZES, id="login, name too long"),
        pytest.param("logins", {"n": ""}, LOGIN_SIZES, id="login, empty value"),
        pytest.param("logins", {"n": "v" * 50_001}, LOGIN_SIZES, id="login, value too long"),
        pytest.param("logins", {"n": 1}, LOGIN_MAP, id="login, a number"),
        pytest.param("logins", {"n": None}, LOGIN_MAP, id="login, null"),
        pytest.param("logins", {"n": {"n": "v"}}, LOGIN_MAP, id="login, a map"),
        pytest.param("logins", {"n": "\udfff"}, UNICODE, id="login, lone surrogate"),
        pytest.param("logins", {"\ud800": "v"}, UNICODE, id="login, lone surrogate in name"),
        pytest.param("principal_tags", "x", TAG_MAP, id="tags, a string"),
        pytest.param(
            "principal_tags", entries(51), "must have at most 50 entries", id="tags, too many"
        ),
        pytest.param("principal_tags", {"": "v"}, TAG_SIZES, id="tag, empty name"),
        pytest.param("principal_tags", {"n" * 129: "v"}, TAG_SIZES, id="tag, name too long"),
        pytest.param("principal_tags", {"n": ""}, TAG_SIZES, id="tag, empty value"),
        pytest.param("principal_tags", {"n": "v" * 257}, TAG_SIZES, id="tag, value too long"),
        pytest.param("principal_tags", {"n": True}, TAG_MAP, id="tag, a boolean"),
        pytest.param("principal_tags", {"n": "\ud800"}, UNICODE, id="tag, lone surrogate"),
        pytest.param("token_duration", 0, SECONDS, id="duration, zero"),
        pytest.param("token_duration", 86_401, SECONDS, id="duration, too long"),
        pytest.param("token_duration", -1, SECONDS, id="duration, negative"),
        pytest.param("token_duration", 10**400, SECONDS, id="duration, huge"),
        pytest.param("token_duration", "900", INTEGER, id="duration, a string"),
        pytest.param("token_duration", 900.0, INTEGER, id="duration, a float"),
        pytest.param("token_duration", True, INTEGER, id="duration, a boolean"),
        pytest.param("token_duration", math.nan, INTEGER, id="duration, not a number"),
        pytest.param("token_duration", math.inf, INTEGER, id="duration, infinite"),
        pytest.param("token_duration", [900], INTEGER, id="duration, a list"),
    ],
)
def test_refuses_what_breaks_the_rule_in_words(argument: str, value: object, message: str) -> None:
    named = violations(arguments(**{argument: value}))

    assert list(named) == [argument]
    assert named[argument].startswith(message)


@pytest.mark.parametrize("argument", [name for name in RULES if name != "identity_pool_id"])
def test_null_is_left_out(argument: str) -> None:
    assert getattr(parse(arguments(**{argument: None})), argument) is None
    assert getattr(parse(arguments(**{argument: ...})), argument) is None


@pytest.mark.parametrize("given", [{}, {"identity_pool_id": None}], ids=["left out", "null"])
def test_the_pool_is_required(given: dict[str, object]) -> None:
    assert violations(given) == {"identity_pool_id": "is required"}


def test_reports_all_violations_together_without_the_values() -> None:
    given = {
        "identity_id": "not-an-id-8642",
        "logins": {"n": 97531},
        "principal_tags": {"tag": "v" * 257},
        "token_duration": 86_420,
        "tokens": "value-13579",
    }

    named = violations(given)

    assert list(named) == ["identity_pool_id", *given]
    text = " ".join(named.values())
    assert not any(part in text for part in ("8642", "97531", "vvv", "86420", "13579"))


def test_keeps_values_as_secrets() -> None:
    parsed = parse(arguments(principal_tags={"department": "legal"}))

    assert list(parsed.secrets()) == [Secret(LOGIN), Secret("legal")]
    assert PROVIDER in repr(parsed)
    assert LOGIN not in repr(parsed)
    assert "legal" not in repr(parsed)


def test_no_secrets_without_logins_and_tags() -> None:
    assert list(parse(arguments(logins=...)).secrets()) == []
