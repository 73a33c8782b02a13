"""One real run for all tests that compare with what the function emits."""

from pathlib import Path

import pytest

from tests.template import real_run


@pytest.fixture(scope="session")
def run(built_package: Path, tmp_path_factory: pytest.TempPathFactory) -> real_run.Run:
    """Made once, since it takes some seconds."""
    return real_run.run(built_package, tmp_path_factory.mktemp("run"))
