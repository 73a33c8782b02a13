"""What a record holds, and that nothing secret is in it; `contract.py` has who gets which."""

import itertools
import logging
import re
import time

import pytest

from openid_token import telemetry
from tests.kit import builders
from tests.kit.acts import CREDENTIALS, answers
from tests.kit.builders import IDENTITY, LOGIN, Json, arguments, http_event, rest_event, sample
from tests.kit.doors import emitting, play

# What the logger adds to each record of an invocation.
ENVELOPE = {"level", "message", "timestamp", "service", "cold_start", "xray_trace_id"}
ENVELOPE |= {f"function_{name}" for name in ("name", "memory_size", "arn", "request_id")}


def test_the_record_of_an_issued_token() -> None:
    event = http_event(arguments(principal_tags={"tenant": "x", "a": "b"}, identity_id="a:0"))
    record = play(event).record

    assert record["message"] == "token issued"
    assert {name: record[name] for name in record.keys() - ENVELOPE if "_ms" not in name} == {
        "outcome": "issued",
        "door": "api",
        "caller": builders.ARN,
        "api_request_id": "BpZlCjM7FiAEPqw=",
        "identity_pool_id": builders.POOL,
        "requested_identity_id": "a:0",
        "identity_id": IDENTITY,
        "identity_changed": True,
        "login_providers": [builders.PROVIDER],
        "principal_tags": ["a", "tenant"],
        "token_duration": 900,
        "expires_at": record["expires_at"],
    }

    assert play(arguments(identity_id=IDENTITY)).record["identity_changed"] is False


def test_the_record_of_a_users_credentials_names_no_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = itertools.count()
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    record = play(sample("user-credentials")).record

    # Of both calls.
    assert record["cognito_ms"] == 2000
    assert record["access_key_id"] == CREDENTIALS["AccessKeyId"]
    assert record.keys() - ENVELOPE == {
        *("outcome", "door", "api_request_id", "identity_pool_id", "identity_id"),
        *("login_providers", "principal_tags", "token_duration", "expires_at"),
        *("access_key_id", "credentials_expire_at", "cognito_ms", "duration_ms"),
    }


def test_the_record_of_a_refused_user_names_no_caller() -> None:
    assert play(builders.user_http_event(arguments())).record.keys() - ENVELOPE == {
        *("outcome", "door", "reason", "detail", "api_request_id"),
        *("login_providers", "principal_tags", "duration_ms"),
    }


def test_names_that_a_limit_refuses_are_counted_and_not_told() -> None:
    """One may be a login, written where the name belongs."""
    given = arguments(
        logins={"jane.doe@example.com": "login", builders.PROVIDER: LOGIN},
        principal_tags={"tenant": "a", "legal": "department", "tenant-17": "tenant"},
    )
    seen = play(given, allowed_login_providers=builders.PROVIDER, allowed_principal_tags="tenant")
    record = seen.record
    assert seen.outcome.code == "AccessDeniedException"

    assert (record["login_providers"], record["other_login_providers"]) == ([builders.PROVIDER], 1)
    assert (record["principal_tags"], record["other_principal_tags"]) == (["tenant"], 2)
    assert not any(word in seen.written.text for word in ("jane", "legal", "tenant-17"))


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_a_record_has_its_bounds(event: Json) -> None:
    context = event["requestContext"]
    for forged in (context.get("identity") or {}, (context["authorizer"] or {}).get("iam", {})):
        forged["userArn"] = "arn:" + "a" * 1_500_000
    assert len(play(event).written.text) < 3000
    context["requestId"] = "x" * 1_500_000
    assert len(play(event).written.text) < 3000


def test_a_traceback_holds_no_foreign_message() -> None:
    cause = KeyError(f"canary {LOGIN}")
    error = ZeroDivisionError(f"canary {builders.TOKEN}")
    error.__cause__ = cause
    record = play(arguments(), answers(error)).record

    assert record["detail"] == "ZeroDivisionError"
    assert record["exception"].count("caused by") == 2
    assert "KeyError\n" in record["exception"]
    assert "tests/kit/cognito.py" in record["exception"]
    assert "canary" not in str(record)


@pytest.mark.parametrize("suppressed", [False, True], ids=["implicit", "suppressed"])
def test_a_context_is_shown_without_its_message_unless_suppressed(suppressed: bool) -> None:
    error = ValueError(LOGIN)
    error.__context__, error.__suppress_context__ = KeyError(LOGIN), suppressed
    shown = telemetry.trace(error)["exception"]

    assert shown.startswith("ValueError\n")
    assert ("caused by KeyError\n" in shown) is not suppressed
    assert LOGIN not in shown


def test_half_a_character_costs_no_record() -> None:
    event = http_event()
    event["requestContext"]["requestId"] = "\ud800"
    seen = play(event)

    assert seen.record["outcome"] == "issued"
    assert seen.record["api_request_id"] == "\ud800"
    assert seen.written.text.isascii()


@pytest.mark.parametrize("library", ["botocore", "urllib3", "aws_lambda_powertools"])
def test_libraries_say_nothing(caplog: pytest.LogCaptureFixture, library: str) -> None:
    """At DEBUG they would print requests, and urllib3 a broken header block at WARNING."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger(f"{library}.deep.inside").critical("said")

    assert not caplog.records


def test_a_line_of_the_log_is_the_same_wherever_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        with emitting() as written:
            telemetry.logger.info('{"a": 1}')
    finally:
        monkeypatch.undo()
        time.tzset()

    [line] = written().objects()
    assert re.fullmatch(r"....-..-..T..:..:..\.\d{3}\+00:00", line["timestamp"])
    assert line["message"] == '{"a": 1}'


def test_no_key_survives_an_invocation() -> None:
    telemetry.logger.append_keys(planted="x")

    assert "planted" not in play(arguments()).record
