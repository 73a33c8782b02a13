"""The documented rules, at both ends of each."""

import math
from collections.abc import Mapping
from string import ascii_lowercase
from typing import Any

import pytest

from openid_token.arguments import RULES, parse
from openid_token.errors import InvalidParameterException, Violation
from openid_token.secret import Secret
from tests.kit.builders import IDENTITY, LOGIN, POOL, PROVIDER, arguments

FORM = 'must have the form REGION:GUID, such as "us-east-1:12345678-90ab-cdef-1234-567890abcdef"'
STRING = "must be a string"
LENGTH = "must be between 1 and 55 characters"
SIZES = "must have names between 1 and 128 characters and values between 1 and {} characters"
MAP = "must be a map of strings to strings"
UNICODE = "must be valid Unicode text, without lone surrogates"
OTHERS = f"is not an argument; the arguments are {', '.join(RULES)}"


def entries(count: int) -> dict[str, str]:
    return {f"name-{number}": "value" for number in range(count)}


def nested(depth: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(depth):
        value = {"n": value}
    return value


def violations(given: Mapping[Any, object]) -> tuple[Violation, ...]:
    with pytest.raises(InvalidParameterException) as raised:
        parse(given)
    found = raised.value.violations
    assert str(raised.value) == "; ".join(f"{name} {text}" for name, text in found)
    return found


GOOD: dict[str, list[Any]] = {
    "identity_pool_id": ["a:0", "a:" + "0" * 53, "Ab_9-:-f"],
    "identity_id": ["a:0", "a:" + "0" * 53, None],
    "logins": [{}, entries(10), {"n": "v"}, {"n" * 128: "v" * 50_000}, {"ü": "🦉\n\x00"}, None],
    "principal_tags": [{}, entries(50), {"n": "v"}, {"n" * 128: "v" * 256}, None],
    "token_duration": [1, 86_400, None],
}
BAD: list[tuple[str, str, list[object]]] = [
    ("identity_pool_id", LENGTH, ["", "a:" + "0" * 54]),
    ("identity_pool_id", FORM, [POOL + "\n", " " + POOL, "a:A", "é:0", "a:٣", "a:0:0", ":0"]),
    ("identity_pool_id", FORM, ["a:", "\ud800:0"]),
    ("identity_pool_id", STRING, [1, [POOL], POOL.encode()]),
    ("identity_id", LENGTH, ["", "a:" + "0" * 54]),
    ("identity_id", FORM, [IDENTITY + "\n"]),
    ("identity_id", STRING, [False, {}]),
    ("logins", "must have at most 10 entries", [entries(11)]),
    ("logins", SIZES.format(50_000), [{"": "v"}, {"n" * 129: "v"}]),
    ("logins", SIZES.format(50_000), [{"n": ""}, {"n": "v" * 50_001}]),
    (
        "logins",
        f"{MAP} (provider name to user identifier)",
        [[], "x", {"n": 1}, {"n": None}, {"n": {"n": "v"}}],
    ),
    ("logins", UNICODE, [{"n": "\udfff"}, {"\ud800": "v"}]),
    ("principal_tags", "must have at most 50 entries", [entries(51)]),
    ("principal_tags", SIZES.format(256), [{"": "v"}, {"n" * 129: "v"}]),
    ("principal_tags", SIZES.format(256), [{"n": ""}, {"n": "v" * 257}]),
    ("principal_tags", f"{MAP} (tag name to value)", ["x", {"n": True}]),
    ("principal_tags", UNICODE, [{"n": "\ud800"}]),
    ("token_duration", "must be between 1 and 86400 seconds", [0, 86_401, -1, 10**400]),
    ("token_duration", "must be an integer", ["900", 900.0, True, math.nan, math.inf, [900]]),
]


@pytest.mark.parametrize("argument", GOOD)
def test_accepts_what_keeps_the_rule_and_null(argument: str) -> None:
    for value in GOOD[argument]:
        parsed = getattr(parse(arguments(**{argument: value})), argument)
        if isinstance(value, dict):
            parsed = {name: secret.reveal() for name, secret in parsed.items()}
        assert parsed == value


@pytest.mark.parametrize(("argument", "message", "values"), BAD)
def test_refuses_what_breaks_the_rule_in_words(
    argument: str, message: str, values: list[object]
) -> None:
    for value in values:
        assert violations(arguments(**{argument: value})) == ((argument, message),)


@pytest.mark.parametrize("given", [{}, {"identity_pool_id": None}], ids=["left out", "null"])
def test_the_pool_is_required(given: dict[str, object]) -> None:
    assert violations(given) == (("identity_pool_id", "is required"),)


def test_reports_all_violations_together_without_the_values() -> None:
    given = {
        "identity_id": "not-an-id-8642",
        "logins": {"n": 97531},
        "principal_tags": {"tag": "v" * 257},
        "token_duration": 86_420,
        "tokens": "value-13579",
    }

    named = dict(violations(given))

    assert list(named) == ["identity_pool_id", *given]
    text = " ".join(named.values())
    assert not any(part in text for part in ("8642", "97531", "vvv", "86420", "13579"))


def test_keeps_values_as_secrets() -> None:
    parsed = parse(arguments(principal_tags={"department": "legal"}))

    assert list(parsed.secrets()) == [Secret(LOGIN), Secret("legal")]
    assert PROVIDER in repr(parsed)
    assert LOGIN not in repr(parsed)
    assert "legal" not in repr(parsed)
    assert not list(parse(arguments(logins=...)).secrets())


@pytest.mark.parametrize(
    ("nearest", "name"),
    [
        *(("identity_pool_id", "IdentityPoolId"), ("identity_id", "identityId")),
        *(("logins", "login"), ("principal_tags", "PrincipalTags"), ("token_duration", "duration")),
    ],
)
def test_suggests_the_nearest_argument(nearest: str, name: str) -> None:
    # An unknown name counts even with null.
    assert violations(arguments(**{name: None})) == (
        (name, f'is not an argument; did you mean "{nearest}"?'),
    )


def test_lists_the_arguments_where_none_is_near() -> None:
    assert violations(arguments(zzz="a value")) == (("zzz", OTHERS),)


@pytest.mark.parametrize(
    "name",
    [
        *("", "user@example.com", "user-4711", "eyJ.e30", "a" * 65, "logins\n", "ü", "\ud800"),
        *("4711", 4711, None),
    ],
    ids=repr,
)
def test_repeats_no_name_that_may_be_a_value(name: Any) -> None:
    assert violations(arguments() | {name: "a value"}) == (("(unnamed)", OTHERS),)


@pytest.mark.parametrize(("count", "last"), [(10, "unknown_j"), (11, "(others)")])
def test_names_ten_at_most(count: int, last: str) -> None:
    found = violations(
        arguments(**{f"unknown_{letter}": "a value" for letter in ascii_lowercase[:count]})
    )

    assert (len(found), found[-1].argument) == (count, last)
    assert last != "(others)" or found[-1].message == "1 more are not arguments"


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "given",
    [
        *(nested(100_000), arguments(logins=nested(100_000))),
        *(arguments(principal_tags={"n": [nested(100_000)]}), arguments(identity_id=[nested(9)])),
        *(arguments(logins=entries(200_000)), arguments(logins={"n": "v" * 6_000_000})),
        *(arguments(identity_id="-" * 6_000_000), arguments(**{"n" * 6_000_000: 1})),
        arguments(token_duration=10**100_000),
    ],
)
def test_input_out_of_proportion_is_refused(given: dict[str, object]) -> None:
    assert len(str(violations(given))) < 1000
