"""A clean environment before anything of the function is imported, and around each test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import built
from tests.environment import clean

clean(os.environ)

# Nothing is timed and nothing is written; under CI the examples are the same in each run.
settings.register_profile(
    "here", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def clean_environment() -> Iterator[None]:
    """No test sees what another one set."""
    saved = dict(os.environ)
    clean(os.environ)
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture(scope="session")
def built_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for this machine, built at most once."""
    return built.package(tmp_path_factory.mktemp("built"))
