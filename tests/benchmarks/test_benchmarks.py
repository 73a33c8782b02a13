"""The benchmark's machinery, on the barest candidate; what it measures is not judged here."""

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Final

import pytest

from tools.benchmarks import cold, endpoint, plot, report, request, warm
from tools.benchmarks.candidates import (
    BAREST,
    CLI,
    EMPTY,
    OURS_API,
    OURS_DIRECT,
    STANDARD_PLAIN,
    WARM_BAREST,
    WARM_STANDARD,
    Candidate,
)
from tools.benchmarks.figures import Figures, Spread, Weight

PEERS: Final = Path(warm.__file__).parent / "peers"
LIBRARIES: Final = ("boto3", "botocore", "dateutil", "jmespath", "s3transfer", "six", "urllib3")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The barest candidate on the libraries of this environment, so that nothing is fetched."""
    directory = tmp_path_factory.mktemp("barest")
    shutil.copy(PEERS / "barest" / "barest.py", directory)
    for name in LIBRARIES:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (directory / source.name).symlink_to(source)
    return directory


def barest(package: Path, event: object = request.ARGUMENTS) -> Candidate:
    return Candidate(BAREST, package, "barest.handler", event)


def figures() -> Figures:
    spread, weight = Spread(1.0, 2.0, 3.0), Weight(13.2, 5.0, Spread(45.0, 46.0, 47.0))
    weighed = (BAREST, OURS_API, OURS_DIRECT, STANDARD_PLAIN)
    return Figures(
        about={"machine": "some machine", "Python": "3.13"},
        rounds=3,
        cold=dict.fromkeys((EMPTY, *weighed, CLI), spread),
        weight=dict.fromkeys(weighed, weight),
        warm=dict.fromkeys((WARM_BAREST, OURS_API, WARM_STANDARD), spread),
    )


def test_a_start_is_timed_and_weighed(package: Path) -> None:
    with endpoint.running() as url:
        sample = cold.start(barest(package), url)
    assert sample.milliseconds > 0
    assert sample.peak_megabytes > 0


def test_a_warm_call_is_timed_without_the_network(package: Path) -> None:
    assert warm.cpu_microseconds(barest(package), calls=2) > 0


def test_the_command_line_is_timed() -> None:
    with endpoint.running() as url:
        assert cold.command_line(url) > 0


def test_who_gives_no_token_is_not_timed(package: Path) -> None:
    with pytest.raises(cold.NotAnsweredError, match="barest"):
        warm.cpu_microseconds(barest(package, event={}), calls=1)


def test_the_spread_is_the_median_and_the_quartiles() -> None:
    assert Spread.of([5, 1, 2, 4, 3]) == Spread(2, 3, 4)
    assert Spread.of([7]) == Spread(7, 7, 7)


def test_the_table_gives_each_candidate_its_ratios() -> None:
    text = report.markdown(figures())
    assert f"| **{OURS_API}** | 2 | 1 to 3 | 1.00 | 1.00 |" in text
    assert f"| **{OURS_API}** | 13.2 | 5.0 | 46.0 |" in text


def test_the_figures_are_there_for_a_program() -> None:
    assert json.loads(report.as_json(figures()))["cold"][OURS_API]["median"] == 2


def test_the_picture_is_the_same_for_the_same_figures(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        plot.draw(figures(), tmp_path / name)
    one, two = (tmp_path / name for name in ("one.svg", "two.svg"))
    assert one.read_bytes() == two.read_bytes()
    assert len(one.read_bytes()) < 200_000
