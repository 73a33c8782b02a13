"""Whatever is sent to the local stack, it answers as `docs/openapi.yaml` says."""

from collections.abc import Iterator

import pytest

from openid_token.http_api import ROUTES
from tests.fuzz.fuzzer import fuzz
from tests.serving import Served, serving

# A number of cases and no time: a slow machine must not do less.
LIMIT = "--max-examples=30"
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("path", ROUTES)
def test_every_answer_is_as_described(path: str, served: Served) -> None:
    report = fuzz(served, path, LIMIT)
    assert not report.found, "run `make fuzz` to see the requests"
    assert report.phases >= {"coverage", "fuzzing"}
    # Only a body has an example to send.
    assert ("examples" in report.phases) == (ROUTES[path].method == "POST")
