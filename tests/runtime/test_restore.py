"""A restored environment works: SnapStart, with the real runtime client."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.kit.acts import identity_of
from tests.kit.builders import LOGIN, PROVIDER, arguments
from tests.kit.built import overlaid
from tests.kit.cognito import Cognito, served
from tests.kit.runtime import deployed
from tests.runtime import sites
from tests.runtime.handlers import restored
from tools.runtime_api.process import RuntimeProcess

IDENTITY = identity_of({PROVIDER: LOGIN})


@contextmanager
def taken(
    built_package: Path, scratch: Path, keys: Cognito, cognito: Cognito
) -> Iterator[RuntimeProcess]:
    """A snapshot whose credentials come from `keys`: the runtime client waits to be restored."""
    place = Path(restored.__file__)
    package = overlaid(built_package, scratch / "package", place)
    with served(keys) as keys_url, served(cognito) as url:
        variables = {
            **sites.from_container(keys_url),
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
        }
        with deployed(package, url, variables, handler="restored.handler") as one:
            assert one.init() == "restore/next"
            yield one


@pytest.mark.parametrize("life", [timedelta(hours=-1), timedelta(minutes=1)], ids=str)
def test_the_call_after_a_restore_is_signed_with_fresh_credentials(
    built_package: Path, tmp_path: Path, life: timedelta
) -> None:
    keys, cognito = Cognito(act=sites.credentials("ASIASNAPSHOT", life)), Cognito()
    with taken(built_package, tmp_path, keys, cognito) as one:
        asked_at_init = len(keys.calls)
        keys.act = sites.credentials("ASIARESTORED", timedelta(hours=6))
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
    keys = Cognito(act=sites.credentials("ASIARESTORED", timedelta(hours=6)))
    cognito = Cognito()
    with taken(built_package, tmp_path, keys, cognito) as one:
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
        keys = Cognito(act=sites.credentials("ASIASNAPSHOT", timedelta(hours=6)))
        with taken(built_package, scratch, keys, Cognito()) as one:
            one.restore()
            drawn.add(json.dumps(one.invoke("draw").payload))

    assert len({*drawn, json.dumps(random.Random(restored.SEED).random())}) == 3
