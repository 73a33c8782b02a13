"""The benchmark's machinery, on the barest candidate; what it measures is not judged here."""

import importlib.util
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import botocore
import pytest

from tools.benchmarks import candidates, cognito, measuring, report, request, sampling
from tools.benchmarks.candidates import BAREST, CLI, EMPTY, OURS_API, Candidate
from tools.benchmarks.measuring import Figures
from tools.benchmarks.sampling import NotAnsweredError

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
    with cognito.running(round_trip_milliseconds=1) as leading:
        yield {**request.VARIABLES, **leading}


def test_first_call_and_warm_calls_are_told_apart(
    barest: Candidate, variables: dict[str, str]
) -> None:
    online = sampling.in_runtime(barest, variables, warm_calls=2)
    assert 0 < online["first_call_ms"] < online["cold_ms"]
    assert 0 < online["warm_cpu_us"] < online["cold_cpu_ms"] * 1e3

    nowhere = variables | {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": "https://127.0.0.1:9"}
    assert sampling.without_network(barest, nowhere, warm_calls=2)["offline_cpu_us"] > 0
    with pytest.raises(NotAnsweredError, match="EndpointConnectionError"):
        sampling.in_runtime(barest, nowhere, warm_calls=0)
    with pytest.raises(NotAnsweredError, match="ImportModuleError"):
        sampling.in_runtime(replace(barest, handler="no.handler"), nowhere, warm_calls=0)


def test_the_command_line_is_timed(variables: dict[str, str]) -> None:
    assert sampling.of_command_line(variables)["cold_cpu_ms"] > 0
    with pytest.raises(NotAnsweredError, match="CERTIFICATE_VERIFY_FAILED"):
        sampling.of_command_line(variables | {"AWS_CA_BUNDLE": BOTOCORES})


def figures() -> Figures:
    """Three rounds of which the second one was a busy moment for everyone."""

    def samples(start: float) -> list[dict[str, float]]:
        names = ("cold_ms", "cold_cpu_ms", "first_call_ms", "warm_cpu_us", "offline_cpu_us")
        return [dict.fromkeys((*names, "peak_mb"), start * slow) for slow in (1, 9, 2)]

    names = dict(zip(NAMES, (10, 50, 90, 170, 400), strict=True))
    cli = [{"cold_ms": 500.0, "cold_cpu_ms": 480.0}] * 3
    return Figures(
        about="some machine, Python 3.13",
        samples={**{name: samples(start) for name, start in names.items()}, CLI: cli},
        megabytes={name: {"unpacked": 6.7, "zipped": 2.6} for name in NAMES[1:]},
    )


def test_a_ratio_is_the_median_of_the_rounds_without_what_is_taken_off() -> None:
    text = report.markdown(figures())

    assert f"| **{OURS_API}** | 180 | 180 | 180 | 1.80 | 1.80 | 1.80 | 0.23 |" in text
    assert f"| **{OURS_API}** | 180 | 2.00 | 0.50 | 160 | 2.00 | 0.50 |" in text
    assert f"| **{OURS_API}** | 6.7 | 2.6 | 180.0 |" in text
