"""Whatever is sent to the local stack, it answers as `docs/openapi.yaml` says."""

import pytest

from openid_token.http_api import ROUTES
from tests.fuzz.fuzzer import fuzz
from tests.kit.serving import serving


@pytest.mark.timeout(300)
def test_every_answer_is_as_described() -> None:
    with serving() as served:
        # A number of cases and no time: a slow machine must not do less.
        report = fuzz(served, "--max-examples=20")
    assert not report.found, "run `make fuzz` to see the requests"
    assert report.operations == len(ROUTES)
    assert report.phases == {"examples", "coverage", "fuzzing"}
