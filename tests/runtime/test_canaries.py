"""No secret in standard output, standard error or metrics: at every log level, at each door, on
success and on each fault of both calls."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.built import overlaid
from tests.doors import ERRORS
from tests.runtime import canary_run
from tests.runtime.canaries import Canaries
from tests.runtime.canary_run import VARIANTS, Run
from tests.runtime.emulation import deployed

pytestmark = pytest.mark.timeout(300)


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
    classes = {error.__name__ for error in ERRORS}
    assert {call.code for call in run.calls} == {None, *classes}
    assert len(run.canaries.marks) > 30


def test_none_is_in_the_output(run: Run) -> None:
    assert run.canaries.in_text(run.log) == []


def test_none_is_in_a_refusal(run: Run) -> None:
    leaks = {call.label: run.canaries.in_text(call.refusal) for call in run.calls}

    assert {label: found for label, found in leaks.items() if found} == {}


def test_metrics_came_and_hold_none(run: Run) -> None:
    names = {name for line in run.metrics for name in line}

    assert {"TokensIssued", "RequestsRefused", "CognitoLatency"} <= names
    assert run.canaries.in_text(json.dumps(run.metrics)) == []


LEAKS = ("standard output", "standard error", "a fragment", "base64", "log", "metric", "traceback")


def test_a_planted_leak_is_found(built_package: Path, tmp_path: Path) -> None:
    leaky = Path(__file__).with_name("handlers") / "leaky.py"
    package = overlaid(built_package, tmp_path / "package", leaky)
    canaries = Canaries()
    with deployed(package, "http://127.0.0.1:9", handler="leaky.handler") as environment:
        for way in LEAKS:
            environment.invoke({"by": way, "text": canaries.plant(way)})

        assert canaries.in_text(environment.logs()) == list(LEAKS)
