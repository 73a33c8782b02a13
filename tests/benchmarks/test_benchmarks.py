"""The benchmark's machinery, on the barest candidate; what it measures is not judged here."""

import importlib.util
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import botocore
import pytest

from tools.benchmarks import candidates, command_line, environment, measuring, plot, report, request
from tools.benchmarks.candidates import BAREST, CLI, EMPTY, OURS_API, Candidate
from tools.benchmarks.environment import NotAnsweredError
from tools.benchmarks.measuring import Figures
from tools.local.runtime import client as runtime
from tools.quick_cognito.process import running

PEERS: Final = Path(measuring.__file__).parent / "peers"
BOTOCORES: Final = str(Path(botocore.__file__).with_name("cacert.pem"))
LIBRARIES: Final = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")
NAMES: Final = (EMPTY, BAREST, OURS_API, candidates.STANDARD, candidates.STANDARD_PLAIN)


@pytest.fixture(scope="module")
def barest(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """On the libraries of this environment, so that nothing is fetched."""
    directory = tmp_path_factory.mktemp("barest")
    shutil.copy(PEERS / "barest" / "barest.py", directory)
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (directory / source.name).symlink_to(source)
    return Candidate(BAREST, directory, "barest.handler", request.ARGUMENTS)


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    with running(round_trip_milliseconds=1) as cognito:
        yield {**request.VARIABLES, **cognito.variables}


def test_init_and_first_call_and_warm_calls_are_told_apart(
    barest: Candidate, variables: dict[str, str], tmp_path: Path
) -> None:
    bootstrap = runtime.lay_out(tmp_path)
    online = environment.sample(barest, bootstrap, variables, warm_calls=2)

    assert 0 < online["first_call_ms"] < online["cold_ms"]
    assert online["init_ms"] + online["first_call_ms"] == pytest.approx(online["cold_ms"])
    assert 0 < online["warm_cpu_us"] < online["cold_cpu_ms"] * 1e3

    nowhere = variables | {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": "https://127.0.0.1:9"}
    offline = measuring.without_network(bootstrap)
    assert environment.sample(barest, offline, nowhere, warm_calls=2)["warm_cpu_us"] > 0
    with pytest.raises(NotAnsweredError, match="EndpointConnectionError"):
        environment.sample(barest, bootstrap, nowhere, warm_calls=0)
    with pytest.raises(NotAnsweredError, match="ImportModuleError"):
        environment.sample(replace(barest, handler="no.handler"), bootstrap, nowhere, 0)


def test_the_command_line_is_timed(variables: dict[str, str]) -> None:
    assert command_line.sample(variables)["cold_cpu_ms"] > 0
    with pytest.raises(NotAnsweredError, match="CERTIFICATE_VERIFY_FAILED"):
        command_line.sample(variables | {"AWS_CA_BUNDLE": BOTOCORES})


def figures() -> Figures:
    """Three rounds of which the second one was a busy moment for everyone."""

    def samples(start: float) -> list[dict[str, float]]:
        names = ("cold_ms", "cold_cpu_ms", "first_call_ms", "warm_cpu_us", "offline_cpu_us")
        return [dict.fromkeys((*names, "peak_mb"), start * slow) for slow in (1, 9, 2)]

    names = dict(zip(NAMES, (10, 50, 90, 170, 400), strict=True))
    cli = [{"cold_ms": 500.0, "cold_cpu_ms": 480.0}] * 3
    return Figures(
        about={"machine": "some machine", "Python": "3.13"},
        samples={**{name: samples(start) for name, start in names.items()}, CLI: cli},
        megabytes={name: {"unpacked": 6.7, "zipped": 2.6} for name in NAMES[1:]},
    )


def test_a_ratio_is_the_median_of_the_rounds_without_what_is_taken_off() -> None:
    assert figures().quartiles(BAREST, "cold_ms")[1] == 100
    assert figures().ratio(OURS_API, BAREST, "cold_ms") == pytest.approx(1.8)
    assert figures().ratio(OURS_API, BAREST, "warm_cpu_us", EMPTY) == pytest.approx(2)


def test_the_results_say_so_for_a_reader_and_for_a_program() -> None:
    text, parsed = report.markdown(figures()), json.loads(report.as_json(figures()))

    assert f"| **{OURS_API}** | 180 | 180 | 180 | 1.80 | 1.80 | 1.80 | 0.23 |" in text
    assert f"| **{OURS_API}** | 180 | 2.00 | 0.50 | 160 | 2.00 | 0.50 |" in text
    assert parsed[OURS_API]["cold_ms"][1] == 180
    picture = ET.fromstring(plot.svg(figures()))
    assert len(picture.findall("{*}rect")) > len(NAMES)
