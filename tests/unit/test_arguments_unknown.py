"""Names that are no arguments, and input that is out of all proportion."""

from typing import Any

import pytest

from openid_token.arguments import RULES, parse
from openid_token.errors import InvalidParameterException, Violation
from tests.builders import POOL, arguments

OTHERS = f"is not an argument; the arguments are {', '.join(RULES)}"


def unknown(*names: object) -> tuple[Violation, ...]:
    given: dict[Any, Any] = arguments() | dict.fromkeys(names, "a value")
    with pytest.raises(InvalidParameterException) as raised:
        parse(given)
    return raised.value.violations


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("identity_pool", "identity_pool_id"),
        ("IdentityPoolId", "identity_pool_id"),
        ("identityId", "identity_id"),
        ("login", "logins"),
        ("Logins", "logins"),
        ("principal_tag", "principal_tags"),
        ("PrincipalTags", "principal_tags"),
        ("duration", "token_duration"),
        ("TokenDuration", "token_duration"),
    ],
)
def test_suggests_the_nearest_argument(name: str, nearest: str) -> None:
    assert unknown(name) == ((name, f'is not an argument; did you mean "{nearest}"?'),)


def test_lists_the_arguments_where_none_is_near() -> None:
    assert unknown("zzz") == (("zzz", OTHERS),)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("user@example.com", id="an address"),
        pytest.param("a" * 65, id="too long for a name"),
        pytest.param("logins\n", id="trailing newline"),
        pytest.param("größe", id="beyond ASCII"),
        pytest.param("\ud800", id="lone surrogate"),
        pytest.param("4711", id="a number in text"),
        pytest.param(4711, id="a number"),
        pytest.param(None, id="null"),
    ],
)
def test_repeats_no_name_that_may_be_a_value(name: object) -> None:
    assert unknown(name) == (("(unnamed)", OTHERS),)


def test_an_unknown_name_counts_even_with_null() -> None:
    with pytest.raises(InvalidParameterException, match="did you mean"):
        parse({"identity_pool_id": POOL, "token": None})


@pytest.mark.parametrize(
    ("count", "last"),
    [
        (10, ("unknown_9", OTHERS)),
        (11, ("(others)", "1 more are not arguments")),
        (9_999, ("(others)", "9989 more are not arguments")),
    ],
    ids=["ten", "eleven", "thousands"],
)
def test_names_ten_at_most(count: int, last: tuple[str, str]) -> None:
    violations = unknown(*(f"unknown_{number}" for number in range(count)))

    assert len(violations) == min(count, 11)
    assert violations[-1][0] == last[0]
    assert violations[-1] == last or count == 10


def nested(depth: int) -> dict[str, object]:
    value: dict[str, object] = {}
    for _ in range(depth):
        value = {"n": value}
    return value


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "given",
    [
        pytest.param(nested(100_000), id="deep event"),
        pytest.param(arguments(logins=nested(100_000)), id="deep logins"),
        pytest.param(arguments(principal_tags={"n": [nested(100_000)]}), id="deep tag"),
        pytest.param(arguments(identity_id=[[nested(1000)]]), id="deep identity"),
        pytest.param(arguments(logins={str(n): "v" for n in range(200_000)}), id="many logins"),
        pytest.param(arguments(logins={"n": "v" * 6_000_000}), id="huge login"),
        pytest.param(arguments(identity_id="-" * 6_000_000), id="huge identity"),
        pytest.param(arguments(**{"n" * 6_000_000: 1}), id="huge name"),
        pytest.param(arguments(token_duration=10**100_000), id="huge number"),
    ],
)
def test_input_out_of_proportion_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(InvalidParameterException) as raised:
        parse(given)

    assert len(str(raised.value)) < 1000
