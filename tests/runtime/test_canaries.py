"""No secret in standard output, standard error, segments or metrics: at every log level, at each
door, on success and on each fault."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from openid_token.audit import SUBSEGMENT
from openid_token.errors import ANSWERS
from tests.built import overlaid
from tests.runtime import canary_run, xray
from tests.runtime.canaries import Canaries
from tests.runtime.canary_run import VARIANTS, Run
from tests.runtime.emulation import deployed


@pytest.fixture(scope="module")
def runs(built_package: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    """Every variant, run once, side by side."""
    scratch = tmp_path_factory.mktemp("canaries")
    with ThreadPoolExecutor(len(VARIANTS)) as workers:
        jobs = {
            name: workers.submit(canary_run.run, built_package, scratch, variables)
            for name, variables in VARIANTS.items()
        }
    return {name: job.result() for name, job in jobs.items()}


@pytest.fixture(params=VARIANTS)
def run(request: pytest.FixtureRequest, runs: dict[str, Run]) -> Run:
    """One variant."""
    return runs[request.param]


def test_every_class_of_the_contract_was_met(run: Run) -> None:
    assert {call.code for call in run.calls} == {None, *(error.__name__ for error in ANSWERS)}
    assert len(run.canaries.marks) > 30


def test_none_is_in_the_output(run: Run) -> None:
    assert run.canaries.in_text(run.log) == []


def test_none_is_in_a_segment(run: Run) -> None:
    segments = [segment for call in run.calls for segment in call.segments]

    assert run.canaries.in_text(json.dumps(segments)) == []


def test_none_is_in_a_refusal(run: Run) -> None:
    leaks = {call.label: run.canaries.in_text(call.refusal) for call in run.calls}

    assert {label: found for label, found in leaks.items() if found} == {}


def test_metrics_came_and_hold_none(run: Run) -> None:
    names = {name for line in run.metrics for name in line}

    assert {"TokensIssued", "RequestsRefused", "CognitoLatency"} <= names
    assert run.canaries.in_text(json.dumps(run.metrics)) == []


def test_each_call_of_cognito_is_one_subsegment_with_its_outcome(run: Run) -> None:
    assert any(call.segments for call in run.calls)
    for call in run.calls:
        assert len(call.segments) == (1 if call.cognito else 0), call.label
        for segment in call.segments:
            assert segment["name"] == SUBSEGMENT
            assert segment["annotations"] == {"outcome": call.code or "issued"}
            assert not {"metadata", "cause", "http", "aws"} & segment.keys(), call.label


LEAKS = (
    "standard output",
    "standard error",
    "a fragment",
    "base64",
    "log",
    "metric",
    "segment",
    "traceback",
)


def test_a_planted_leak_is_found(built_package: Path, tmp_path: Path) -> None:
    leaky = Path(__file__).with_name("handlers") / "leaky.py"
    package = overlaid(built_package, tmp_path / "package", leaky)
    canaries, found = Canaries(), {}
    with xray.listening() as daemon:
        more = {"AWS_XRAY_DAEMON_ADDRESS": daemon.address}
        with deployed(package, "http://127.0.0.1:9", more, handler="leaky.handler") as environment:
            for way in LEAKS:
                environment.invoke({"by": way, "text": canaries.plant(way)})
            found["segment"] = canaries.in_text(json.dumps(daemon.segments()))
            found["output"] = canaries.in_text(environment.logs())

    assert found["segment"] == ["segment"]
    assert found["output"] == [way for way in LEAKS if way != "segment"]
