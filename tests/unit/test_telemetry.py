"""One record and one metric for each decision, and nothing secret in either."""

import logging

import pytest

from openid_token import errors, telemetry
from tests import builders
from tests.builders import (
    EXECUTION,
    IDENTITY,
    LOGIN,
    Json,
    arguments,
    http_event,
    rest_event,
    sample,
)
from tests.doors import ERRORS, handler, invoke
from tests.emitted import Emitted, emitted, run
from tests.fakes import FakeCognito, Reply, Wire

SERVICE = "openid-token-issuer"
# What the logger adds to each record of an invocation.
ENVELOPE = {"level", "message", "timestamp", "service", "cold_start", "xray_trace_id"}
ENVELOPE |= {f"function_{name}" for name in ("name", "memory_size", "arn", "request_id")}
ALWAYS = {"outcome", "door", "login_providers", "principal_tags", "duration_ms"}
ASKED = {"identity_pool_id", "cognito_ms"}
ISSUED = ALWAYS | ASKED | {"identity_id", "token_duration", "expires_at"}
FOR_IDENTITY = ISSUED | {"requested_identity_id", "identity_changed"}
REFUSED = ALWAYS | {"reason", "detail"}
ID = {"api_request_id"}
HTTP = {"caller"} | ID
CREDENTIALS = {"access_key_id", "credentials_expire_at"}
INVALID = {"invalid_arguments"}
OURS = {"exception", "exception_name"}


def fields(output: Emitted) -> set[str]:
    return output.record.keys() - ENVELOPE


@pytest.mark.parametrize(
    ("event", "error", "expected"),
    [
        (arguments(), None, ISSUED),
        (sample("direct"), None, FOR_IDENTITY),
        (arguments(identity_only=True), None, ISSUED | {"identity_only"}),
        (sample("step-functions"), None, ISSUED | {"execution_id"}),
        (sample("http-api"), None, ISSUED | HTTP),
        (sample("rest-api"), None, ISSUED | HTTP),
        (sample("user-http-api"), None, ISSUED | ID),
        (sample("user-credentials"), None, ISSUED | ID | CREDENTIALS),
        ({}, None, REFUSED | INVALID),
        (http_event("{"), None, REFUSED | HTTP | INVALID),
        (http_event(authorizer=None), None, REFUSED | ID),
        (builders.user_http_event(arguments()), None, REFUSED | ID),
        (arguments(identity_pool_id="a:0"), None, REFUSED | {"identity_pool_id"}),
        (arguments(), errors.NotAuthorizedException("no"), REFUSED | ASKED),
        (arguments(), ZeroDivisionError(), REFUSED | ASKED | OURS),
    ],
    ids=[
        *("direct", "for an identity", "an identity alone", "step functions", "api", "rest"),
        *("user", "credentials", "bad arguments", "no JSON", "nobody", "a user's login"),
        *("another pool", "refused by Cognito", "a bug"),
    ],
)
def test_a_record_has_exactly_these_fields(
    event: object, error: Exception | None, expected: set[str]
) -> None:
    assert fields(run(event, FakeCognito(error=error))) == expected


def test_the_record_of_an_issued_token() -> None:
    event = http_event(arguments(principal_tags={"tenant": "x", "a": "b"}, identity_id="a:0"))
    record = run(event).record

    assert record["level"] == "INFO"
    assert record["message"] == "token issued"
    assert record["service"] == SERVICE
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


def test_the_record_of_an_identity() -> None:
    record = run(arguments(identity_only=True, identity_id=IDENTITY)).record

    assert (record["outcome"], record["message"]) == ("identified", "identity provided")
    assert (record["identity_only"], record["token_duration"]) == (True, 1)
    assert record["identity_changed"] is False


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_a_record_has_its_bounds(event: Json) -> None:
    context = event["requestContext"]
    for forged in (context.get("identity") or {}, (context["authorizer"] or {}).get("iam", {})):
        forged["userArn"] = "arn:" + "a" * 1_500_000
    assert len(run(event).text) < 3000
    context["requestId"] = "x" * 1_500_000
    assert len(run(event).text) < 3000


def test_the_record_of_a_refusal() -> None:
    record = run({"token_duration": 0, "execution_id": EXECUTION}).record

    assert (record["level"], record["outcome"]) == ("WARNING", "refused")
    assert (record["reason"], record["door"]) == ("InvalidParameterException", "step_functions")
    assert record["invalid_arguments"] == ["identity_pool_id", "token_duration"]


def test_requests_and_traces_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-2-3;Parent=4;Sampled=1")
    with emitted() as output:
        handler()(arguments(), builders.lambda_context(aws_request_id="the-request"))

    assert output.record["function_request_id"] == "the-request"
    assert output.record["xray_trace_id"] == "1-2-3"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_a_fault_and_no_refusal_has_a_traceback(error: type[errors.TokenIssuerError]) -> None:
    record = run(arguments(), FakeCognito(error=error("The cause."))).record
    fault = error.__name__ in {"InternalFailure", "InternalErrorException", "ServiceUnavailable"}

    assert record["level"] == ("ERROR" if fault else "WARNING")
    assert ("issuer.py" in record.get("exception", "")) is fault


def test_a_traceback_holds_no_foreign_message() -> None:
    cause = KeyError(f"canary {LOGIN}")
    error = ZeroDivisionError(f"canary {builders.TOKEN}")
    error.__cause__ = cause
    record = run(arguments(), FakeCognito(error=error)).record

    assert record["detail"] == "ZeroDivisionError"
    assert record["exception"].count("caused by") == 2
    assert "KeyError\n" in record["exception"]
    assert "fakes.py" in record["exception"]
    assert "canary" not in str(record)


@pytest.mark.parametrize("suppressed", [False, True], ids=["implicit", "suppressed"])
def test_a_context_is_shown_without_its_message_unless_suppressed(suppressed: bool) -> None:
    error = ValueError(LOGIN)
    error.__context__, error.__suppress_context__ = KeyError(LOGIN), suppressed
    with emitted() as output:
        telemetry.logger.error("x", exc_info=error)

    assert output.record["exception"].startswith("ValueError\n")
    assert ("caused by KeyError\n" in output.record["exception"]) is not suppressed
    assert LOGIN not in output.text


def test_a_refused_role_is_explained_in_the_log_alone() -> None:
    wire = Wire(Reply.error("AccessDeniedException", "role shop may not"))

    assert run(arguments(), wire).record["detail"] == "AccessDeniedException: role shop may not"
    assert "role shop" not in invoke(handler(wire), arguments()).detail


def test_half_a_character_costs_no_record() -> None:
    event = http_event()
    event["requestContext"]["requestId"] = "\ud800"
    event["requestContext"]["authorizer"]["iam"]["userArn"] = "arn:\udfff"
    record = run(event).record

    assert record["outcome"] == "issued"
    assert record["api_request_id"] == "\ud800"


def test_nothing_survives_an_invocation() -> None:
    rich = http_event(arguments(identity_id=IDENTITY, principal_tags={"a": "b"}))
    with emitted() as output:
        function = handler()
        for event in (
            rich,
            {},
            arguments(),
            rich,
            builders.user_http_event(authorizer=builders.jwt(sub=5)),
        ):
            invoke(function, event)
    alone = [run(event) for event in (rich, {}, arguments())]

    assert [record.keys() for record in output.records[:3]] == [a.record.keys() for a in alone]
    assert [m.keys() for m in output.metrics[:3]] == [m.keys() for a in alone for m in a.metrics]
    assert "caller" not in output.records[4]


@pytest.mark.parametrize("library", ["botocore", "urllib3", "aws_lambda_powertools"])
def test_libraries_stay_quiet(library: str) -> None:
    log = logging.getLogger(f"{library}.deep.inside")

    assert log.getEffectiveLevel() == logging.WARNING
