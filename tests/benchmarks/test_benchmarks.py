"""The benchmark's machinery; what it measures is not judged here."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import trustme

from tools.benchmarks import candidates, cognito, report, sampling
from tools.benchmarks.candidates import BAREST, CLI, EMPTY, OURS_API, Candidate
from tools.benchmarks.sampling import NotAnsweredError

PAGE: Final = Path(report.__file__).with_name("results.md").read_text()
NAMES: Final = (EMPTY, BAREST, OURS_API, candidates.STANDARD, candidates.STANDARD_PLAIN)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def variables(authority: trustme.CA) -> Iterator[dict[str, str]]:
    with cognito.running(authority) as variables:
        yield variables


@pytest.fixture(scope="module")
def package(
    built_package: Path, authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Ours, as it is measured."""
    copy = shutil.copytree(built_package, tmp_path_factory.mktemp("bench") / "package")
    candidates.trust(copy, authority.cert_pem.bytes())
    return copy


def test_first_call_and_warm_calls_are_told_apart(
    package: Path, built_package: Path, variables: dict[str, str]
) -> None:
    ours = Candidate(OURS_API, package, "openid_token.handler.handler", cognito.API_EVENT)
    sample = sampling.in_runtime(ours, variables, warm_calls=2)
    assert 0 < sample["first_call_ms"] < sample["cold_ms"]
    assert 0 < sample["warm_cpu_us"] < sample["cold_cpu_ms"] * 1e3

    # What is built trusts the packages' own bundle, and no other.
    with pytest.raises(NotAnsweredError, match="ServiceUnavailable"):
        sampling.in_runtime(replace(ours, package=built_package), variables, warm_calls=0)


def test_the_command_line_is_timed(package: Path, variables: dict[str, str]) -> None:
    trusting = variables | {"AWS_CA_BUNDLE": str(package / candidates.BUNDLE)}
    assert sampling.of_command_line(trusting)["cold_cpu_ms"] > 0
    with pytest.raises(NotAnsweredError, match="CERTIFICATE_VERIFY_FAILED"):
        sampling.of_command_line(variables | {"AWS_MAX_ATTEMPTS": "1"})


def test_what_has_two_versions_is_not_compared(tmp_path: Path) -> None:
    packages = [tmp_path / version for version in ("1.0", "2.0")]
    for package in packages:
        metadata = package / "botocore.dist-info" / "METADATA"
        metadata.parent.mkdir(parents=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: botocore\nVersion: {package.name}\n")

    assert candidates.versions(packages[:1] * 2) == {"botocore": "1.0"}
    with pytest.raises(ValueError, match=r"botocore is 1\.0 and 2\.0"):
        candidates.versions(packages)


def test_a_ratio_is_the_median_of_the_rounds_without_what_is_taken_off() -> None:
    """Of three rounds the second one was a busy moment for everyone."""
    figures = ("cold_ms", "cold_cpu_ms", "first_call_ms", "warm_cpu_us", "peak_mb")
    samples = {
        name: [dict.fromkeys(figures, start * slow) for slow in (1.0, 9.0, 2.0)]
        for name, start in zip(NAMES, (10, 50, 90, 170, 400), strict=True)
    }
    samples[CLI] = [{"cold_ms": 500.0, "cold_cpu_ms": 480.0}] * 3
    packages = dict.fromkeys(NAMES[1:], (6.7, 2.6))
    versions = dict.fromkeys(report.COMPARED, "1.2.3")
    text = report.updated(PAGE, report.Figures(samples, packages, versions))

    assert f"| **{OURS_API}** | 180 | 180 | 180 | 1.80 | 1.80 | 1.80 | 0.23 |" in text
    assert f"| {CLI} | 500 | 480 |  | 5.00 | 4.80 |  | 0.62 |" in text
    assert f"| **{OURS_API}** | 180 | 2.00 | 0.50 |" in text
    assert f"| **{OURS_API}** | 6.7 | 2.6 | 180.0 |" in text
    assert ", in 3 interleaved rounds." in text
    assert ", botocore 1.2.3, boto3 1.2.3, " in text
    assert "direct door" not in text
