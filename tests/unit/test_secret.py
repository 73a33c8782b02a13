"""A secret shows itself in one way only."""

import json
import logging
from collections.abc import Callable

import msgspec
import pytest

from openid_token.secret import MASK, Secret, reveals
from openid_token.telemetry import logger
from tests.kit.doors import emitting

VALUE = "canary-5d1f-user"


class Holder(msgspec.Struct):
    secret: Secret


SHOWN: list[Callable[[Secret], str]] = [
    *(str, repr, "{}".format),
    lambda s: str([s, {"n": s}, (s,)]),
    lambda s: repr(Holder(s)),
    lambda s: json.dumps({"n": s}, default=str),
    lambda s: str(ValueError(s)),
    lambda s: logging.makeLogRecord({"msg": s}).getMessage(),
]


@pytest.mark.parametrize("shown", SHOWN)
def test_shows_the_mask(shown: Callable[[Secret], str]) -> None:
    text = shown(Secret(VALUE))

    assert MASK in text
    assert VALUE not in text


@pytest.mark.parametrize(
    "serialise", [json.dumps, msgspec.json.encode, msgspec.to_builtins, "".join]
)
def test_is_not_serialised_by_accident(serialise: Callable[[object], object]) -> None:
    with pytest.raises(TypeError):
        serialise([Secret(VALUE)])


def test_is_masked_by_the_logger() -> None:
    deep = {"n": {"m": [Secret(VALUE)]}}
    with emitting() as written:
        logger.info("said", extra=deep)
        logger.info("said %s", deep)

    assert written().text.count(MASK) == 2
    assert VALUE not in written().text


def test_reveals_itself_and_compares() -> None:
    assert Secret(VALUE).reveal() == VALUE
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("other")
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *((VALUE, True), (f"Invalid {VALUE.upper()}.", True)),
        *(("no canary-5d...", True), ("no ...d1f-user", True), ("no ...-5D1F-US...", True)),
        *(("no canary-...", False), ("no", False), ("", False)),
        *(("the user x7 is unknown", True), ("X7", True)),
    ],
)
def test_a_text_reveals_a_secret_or_eight_characters_of_it(text: str, found: bool) -> None:
    assert reveals(text, [Secret("something-else"), Secret(VALUE), Secret("x7")]) is found
    assert not reveals(text, [])


@pytest.mark.timeout(30)
def test_the_longest_secrets_take_no_minute() -> None:
    """To look for each part of the text in each of them would."""
    secrets = [Secret(f"{number:02}" * 25_000) for number in range(100)]

    assert not reveals("".join(map(chr, range(0x3400, 0x3400 + 2000))), secrets)
