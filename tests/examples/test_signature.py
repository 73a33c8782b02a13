"""The request for a token is signed as API Gateway wants it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.examples.commands import COMMANDS, USER
from tests.examples.signature import due, sent_with
from tests.examples.stand import KEY, SESSION, Stand


@pytest.mark.parametrize("name", ["python enhanced", "cli enhanced"])
def test_it_is_signed_for_execute_api_in_the_pools_region(stand: Stand, name: str) -> None:
    assert stand.run([*COMMANDS[name], USER]).returncode == 0
    [sent] = stand.sent
    scope, signed, signature = sent_with(sent)
    at = sent.headers["X-Amz-Date"]
    assert scope == f"{KEY}/{at[:8]}/eu-central-1/execute-api/aws4_request"
    assert {"host", "x-amz-date"} <= set(signed)
    assert sent.headers["X-Amz-Security-Token"] == SESSION
    assert datetime.now(UTC) - datetime.strptime(at, "%Y%m%dT%H%M%S%z") < timedelta(minutes=1)
    assert signature == due(sent, SESSION)
