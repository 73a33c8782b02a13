"""The metrics and the trace of a decision."""

from typing import Any, Self

import pytest

from openid_token import telemetry
from openid_token.errors import ANSWERS, InternalFailure, NotAuthorizedException, TokenIssuerError
from tests.builders import (
    arguments,
    http_event,
    sample,
)
from tests.doors import handler, invoke
from tests.emitted import Emitted, emitted
from tests.fakes import FakeCognito, Wire

SERVICE = "openid-token-issuer"


def run(event: object, cognito: FakeCognito | Wire | None = None) -> Emitted:
    with emitted() as output:
        invoke(handler(cognito), event)
    return output


def metrics_of(event: object, error: Exception | None = None) -> dict[str, Any]:
    (line,) = run(event, FakeCognito(error=error)).metrics
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "OpenIdTokenIssuer"
    names = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    dimensions = sorted(map(sorted, directive["Dimensions"]))
    values = {name: line[name] for names_ in dimensions for name in names_}
    assert line.keys() == {"_aws", *names, *values}
    return {"names": names, "dimensions": dimensions, "values": values}


@pytest.mark.parametrize(
    ("event", "door"),
    [
        (sample("direct"), "direct"),
        (sample("step-functions"), "step_functions"),
        (sample("http-api"), "api"),
        (sample("rest-api"), "api"),
        (sample("user-http-api"), "user_api"),
    ],
    ids=["direct", "step functions", "http api", "rest api", "user"],
)
def test_an_issued_token_is_counted_by_door(event: object, door: str) -> None:
    assert metrics_of(event) == {
        "names": {"TokensIssued": "Count", "CognitoLatency": "Milliseconds"},
        "dimensions": [["door", "service"], ["service"]],
        "values": {"service": SERVICE, "door": door},
    }


@pytest.mark.parametrize("error", ANSWERS, ids=lambda error: error.__name__)
def test_a_refusal_is_counted_by_door_and_by_reason(error: type[TokenIssuerError]) -> None:
    assert metrics_of(arguments(), error("x")) == {
        "names": {"RequestsRefused": "Count", "CognitoLatency": "Milliseconds"},
        "dimensions": [["door", "service"], ["reason", "service"], ["service"]],
        "values": {"service": SERVICE, "door": "direct", "reason": error.__name__},
    }


@pytest.mark.parametrize("event", [{}, http_event("{"), {"requestContext": {}}, None])
def test_a_refusal_without_a_call_has_no_latency(event: object) -> None:
    assert metrics_of(event)["names"] == {"RequestsRefused": "Count"}


def test_the_cold_start_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    provider = "aws_lambda_powertools.metrics.provider.cold_start.is_cold_start"
    monkeypatch.setattr(provider, True)
    with emitted() as output:
        for _ in range(3):
            invoke(handler(), arguments())

    assert output.stdout.getvalue().count('"ColdStart":[1.0]') == 1


class Subsegment:
    """What X-Ray would keep."""

    def __init__(self) -> None:
        self.annotations: dict[str, object] = {}
        self.left_with: object = "never left"

    def put_annotation(self, key: str, value: object) -> None:
        self.annotations[key] = value

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.left_with = raised[1]


class Recorder:
    """X-Ray's recorder: it can do no more than open a subsegment."""

    def __init__(self) -> None:
        self.opened: list[dict[str, object]] = []
        self.subsegment = Subsegment()

    def in_subsegment(self, **given: object) -> Subsegment:
        self.opened.append(given)
        return self.subsegment


SAMPLED = "Root=1-6745b2c0-000000000000000000000001;Parent=53995c3f42cd8ad8;Sampled=1"


@pytest.mark.parametrize("header", [None, SAMPLED.replace("Sampled=1", "Sampled=0")])
def test_a_request_that_is_not_sampled_makes_no_subsegment(
    monkeypatch: pytest.MonkeyPatch, header: str | None
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(telemetry.tracer, "provider", recorder)
    if header:
        monkeypatch.setenv("_X_AMZN_TRACE_ID", header)
    run(arguments(), FakeCognito())

    assert not recorder.opened


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "issued"),
        (NotAuthorizedException("canary"), "NotAuthorizedException"),
        (InternalFailure("canary"), "InternalFailure"),
        (ZeroDivisionError("canary"), "ZeroDivisionError"),
    ],
    ids=["issued", "refused", "failed", "a bug"],
)
def test_the_trace_has_one_subsegment_with_the_outcome(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, outcome: str
) -> None:
    recorder = Recorder()
    monkeypatch.setattr(telemetry.tracer, "provider", recorder)
    monkeypatch.setenv("_X_AMZN_TRACE_ID", SAMPLED)
    run(arguments(), FakeCognito(error=error))

    assert recorder.opened == [
        {"name": "GetOpenIdTokenForDeveloperIdentity", "namespace": "remote"}
    ]
    assert recorder.subsegment.annotations == {"outcome": outcome}
    assert recorder.subsegment.left_with is None
