"""The metrics of a decision."""

from typing import Any

import pytest

from openid_token.errors import TokenIssuerError
from tests.builders import arguments, http_event, sample
from tests.doors import ERRORS, handler, invoke
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
        (sample("user-credentials"), "user_credentials"),
    ],
    ids=["direct", "step functions", "http api", "rest api", "user", "credentials"],
)
def test_an_issued_token_is_counted_by_door(event: object, door: str) -> None:
    assert metrics_of(event) == {
        "names": {"TokensIssued": "Count", "CognitoLatency": "Milliseconds"},
        "dimensions": [["door", "service"], ["service"]],
        "values": {"service": SERVICE, "door": door},
    }


@pytest.mark.parametrize("name", ["direct", "step-functions"])
def test_an_identity_without_a_token_is_counted_apart(name: str) -> None:
    assert metrics_of({**sample(name), "identity_only": True}) == {
        "names": {"IdentitiesProvided": "Count", "CognitoLatency": "Milliseconds"},
        "dimensions": [["door", "service"], ["service"]],
        "values": {"service": SERVICE, "door": name.replace("-", "_")},
    }


def test_each_call_of_cognito_is_timed() -> None:
    counted = [
        len(line["CognitoLatency"])
        for name in ("user-http-api", "user-credentials")
        for line in run(sample(name)).metrics
    ]

    assert counted == [1, 2]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
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
