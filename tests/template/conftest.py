"""One real run for all tests that compare with what the function emits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.template import real_run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def run(built_package: Path, tmp_path_factory: pytest.TempPathFactory) -> real_run.Run:
    """Made once, since it takes some seconds."""
    return real_run.run(built_package, tmp_path_factory.mktemp("run"))
