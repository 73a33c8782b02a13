"""A restored environment works: SnapStart, with the real runtime client."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.builders import IDENTITY, arguments
from tests.kit.built import overlaid
from tests.kit.cognito import Cognito, served
from tests.kit.runtime import deployed
from tests.runtime import sites
from tests.runtime.handlers import restored
from tools.runtime_api.process import RuntimeProcess

HOURS = timedelta(hours=6)


@contextmanager
def taken(
    built_package: Path, scratch: Path, life: timedelta = HOURS
) -> Iterator[tuple[RuntimeProcess, Cognito, Cognito]]:
    """A snapshot whose credentials have this life, the endpoint that they are from, and Cognito:
    the runtime client waits to be restored."""
    package = overlaid(built_package, scratch / "package", Path(restored.__file__))
    keys, cognito = Cognito(sites.credentials("ASIASNAPSHOT", life)), Cognito()
    with served(keys) as keys_url, served(cognito) as url:
        variables = sites.from_container(keys_url)
        variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
        with deployed(package, url, variables, handler="restored.handler") as one:
            assert one.init() == "restore/next"
            yield one, keys, cognito


@pytest.mark.parametrize("life", [timedelta(hours=-1), timedelta(minutes=1)], ids=str)
def test_the_call_after_a_restore_is_signed_with_fresh_credentials(
    built_package: Path, tmp_path: Path, life: timedelta
) -> None:
    with taken(built_package, tmp_path, life) as (one, keys, cognito):
        asked_at_init = len(keys.calls)
        keys.act = sites.credentials("ASIARESTORED", HOURS)
        one.restore()
        answers = [one.invoke(arguments()).payload for _ in range(3)]

    assert {answer["identity_id"] for answer in answers} == {IDENTITY}
    for request in cognito.calls:
        assert "Credential=ASIARESTORED/" in request.headers["Authorization"]
        assert request.headers["X-Amz-Security-Token"] == "session of ASIARESTORED"
    assert {request.headers["Authorization"] for request in keys.calls} == {"local"}
    # Fetched once for all calls, not once a call.
    assert len(keys.calls) == asked_at_init + 1


def test_the_connection_is_opened_again(built_package: Path, tmp_path: Path) -> None:
    with taken(built_package, tmp_path) as (one, _, cognito):
        assert _connections(cognito, 1) == 1
        one.restore()
        assert (_connections(cognito, 2), cognito.calls) == (2, [])
        assert one.invoke(arguments()).payload["identity_id"] == IDENTITY

    assert len(cognito.connections) == 2


def _connections(cognito: Cognito, wanted: int) -> int:
    """How many there are, once there are as many as `wanted`: what was made is accepted a moment
    later."""
    deadline = time.monotonic() + 30
    while len(cognito.connections) < wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    return len(cognito.connections)


def test_random_is_reseeded_in_each_restored_environment(
    built_package: Path, tmp_path: Path
) -> None:
    drawn = set()
    for number in range(2):
        scratch = tmp_path / str(number)
        scratch.mkdir()
        with taken(built_package, scratch) as (one, *_):
            one.restore()
            drawn.add(json.dumps(one.invoke("draw").payload))

    assert len({*drawn, json.dumps(random.Random(restored.SEED).random())}) == 3
