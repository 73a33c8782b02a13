"""A secret shows itself in one way only."""

import copy
import json
import logging
import pickle
import traceback

import msgspec
import pytest

from openid_token.secret import MASK, Secret, reveals
from tests.builders import Json
from tests.emitted import emitted

VALUE = "canary-5d1f-user"


class Holder(msgspec.Struct):
    secret: Secret


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(str, id="str"),
        pytest.param(repr, id="repr"),
        pytest.param(ascii, id="ascii"),
        pytest.param(lambda s: f"{s}", id="f-string"),
        pytest.param(lambda s: f"{s!r:>10}", id="f-string, repr"),
        pytest.param(lambda s: "%s %r" % (s, s), id="percent"),  # noqa: UP031
        pytest.param("{}".format, id="format"),
        pytest.param(lambda s: str([s, {"n": s}, (s,)]), id="containers"),
        pytest.param(lambda s: repr(Holder(s)), id="struct"),
        pytest.param(lambda s: json.dumps({"n": s}, default=str), id="json"),
        pytest.param(lambda s: str(ValueError(s)), id="exception"),
        pytest.param(lambda s: logging.makeLogRecord({"msg": s}).getMessage(), id="log message"),
    ],
)
def test_shows_the_mask(shown: object) -> None:
    assert callable(shown)
    text = shown(Secret(VALUE))

    assert MASK in text
    assert VALUE not in text


def test_is_not_shown_among_the_locals_of_a_traceback() -> None:
    secret = Secret(VALUE)
    try:
        raise ValueError(secret)
    except ValueError as exc:
        summary = traceback.TracebackException.from_exception(exc, capture_locals=True)
    text = "".join(summary.format())

    assert f"secret = {MASK}" in text
    assert VALUE not in text


def test_is_not_serialised_by_accident() -> None:
    with pytest.raises(TypeError):
        json.dumps({"secret": Secret(VALUE)})
    with pytest.raises(TypeError):
        msgspec.json.encode(Secret(VALUE))
    with pytest.raises(TypeError):
        "".join([Secret(VALUE)])  # type: ignore[list-item]


@pytest.mark.parametrize("extra", [{"secret": Secret(VALUE)}, {"n": {"m": [Secret(VALUE)]}}])
def test_is_masked_by_the_logger(extra: Json) -> None:
    from openid_token.telemetry import logger

    with emitted() as output:
        logger.info("said", extra=extra)
        logger.info(f"said {extra}")
        logger.info("said %s", extra["secret"] if "secret" in extra else extra["n"])
        logger.append_keys(**extra)
        logger.info("said")
        logger.remove_keys(list(extra))

    assert output.text.count(MASK) == 4
    assert VALUE not in output.text


def test_reveals_itself_and_compares() -> None:
    assert Secret(VALUE).reveal() == VALUE
    assert Secret(VALUE) == Secret(VALUE)
    assert Secret(VALUE) != Secret("other")
    assert Secret(VALUE) != VALUE
    assert len({Secret(VALUE), Secret(VALUE)}) == 1
    assert copy.copy(Secret(VALUE)) == Secret(VALUE)
    assert pickle.loads(pickle.dumps(Secret(VALUE))) == Secret(VALUE)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(f"Invalid login {VALUE}.", True, id="whole"),
        pytest.param(f"Invalid login {VALUE.upper()}.", True, id="in another case"),
        pytest.param("Invalid login canary-5d...", True, id="its beginning"),
        pytest.param("Invalid login ...d1f-user", True, id="its end"),
        pytest.param("Invalid login ...-5D1F-US...", True, id="its middle, in another case"),
        pytest.param("Invalid login canary-...", False, id="seven characters"),
        pytest.param("Invalid login.", False, id="nothing of it"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_text_reveals_a_secret(text: str, found: bool) -> None:
    assert reveals(text, [Secret("something-else"), Secret(VALUE)]) is found


@pytest.mark.parametrize(
    ("text", "found"),
    [("the user x7 is unknown", True), ("X7", True), ("the user is unknown", False)],
)
def test_a_text_reveals_a_short_secret(text: str, found: bool) -> None:
    assert reveals(text, [Secret("x7")]) is found


def test_there_is_nothing_to_reveal_without_secrets() -> None:
    assert not reveals(VALUE, [])
