"""One stand for all tests of the examples."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.examples.stand import Stand, standing


@pytest.fixture(scope="session")
def _standing(built_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(built_package, tmp_path_factory.mktemp("home")) as stand:
        yield stand


@pytest.fixture
def stand(_standing: Stand) -> Stand:
    """Nothing was asked of it yet."""
    _standing.api.calls.clear()
    _standing.api.refusals.clear()
    _standing.over_http.clear()
    return _standing


@pytest.fixture
def environment(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    """What runs in this process has what the guides tell a user to set."""
    for name, value in stand.environment.items():
        monkeypatch.setenv(name, value)
