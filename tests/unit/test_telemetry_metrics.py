"""The metrics of a decision."""

from typing import Any

import pytest

from openid_token.errors import TokenIssuerError
from tests.builders import arguments, http_event, sample
from tests.doors import ERRORS, handler, invoke
from tests.emitted import emitted, run
from tests.fakes import FakeCognito

SERVICE = "openid-token-issuer"


def metrics_of(event: object, error: Exception | None = None) -> dict[str, Any]:
    (line,) = run(event, FakeCognito(error=error)).metrics
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "OpenIdTokenIssuer"
    names = {metric["Name"]: metric["Unit"] for metric in directive["Metrics"]}
    dimensions = sorted(map(sorted, directive["Dimensions"]))
    values = {name: line[name] for names_ in dimensions for name in names_}
    assert line.keys() == {"_aws", *names, *values}
    return {"names": names, "dimensions": dimensions, "values": values}


DOORS = {
    "direct": "direct",
    "step-functions": "step_functions",
    "http-api": "api",
    "rest-api": "api",
    "user-http-api": "user_api",
    "user-credentials": "user_credentials",
}


@pytest.mark.parametrize(("name", "door"), DOORS.items())
@pytest.mark.parametrize("only", [{}, {"identity_only": True}], ids=["token", "identity only"])
def test_what_is_issued_is_counted_by_door(name: str, door: str, only: dict[str, bool]) -> None:
    # At the other doors it is no argument.
    apart = bool(only) and door in {"direct", "step_functions"}
    assert metrics_of(sample(name) | only) == {
        "names": {
            "IdentitiesProvided" if apart else "TokensIssued": "Count",
            "CognitoLatency": "Milliseconds",
        },
        "dimensions": [["door", "service"], ["service"]],
        "values": {"service": SERVICE, "door": door},
    }


def test_each_call_of_cognito_is_timed() -> None:
    (one,), (two,) = (run(sample(f"user-{name}")).metrics for name in ("http-api", "credentials"))

    assert (len(one["CognitoLatency"]), len(two["CognitoLatency"])) == (1, 2)


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
