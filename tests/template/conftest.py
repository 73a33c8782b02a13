"""One run for all tests that compare with what the function emits."""

import pytest

from tests.template import emitting


@pytest.fixture(scope="session")
def run() -> emitting.Run:
    """Made once, since it takes some seconds."""
    return emitting.run()
