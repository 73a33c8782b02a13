"""Many callers, side by side and in turn: nobody gets another's answer, and nothing leaks."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.acts import answers_twice, identity_of, token_of
from tests.kit.builders import PROVIDER, arguments
from tests.kit.doors import BACKEND_DOORS
from tests.kit.runtime import ask, deployed
from tests.runtime import sites
from tools.runtime_api.process import RuntimeProcess

DOORS = tuple(BACKEND_DOORS.values())
CALLS = 250


def is_own(environment: RuntimeProcess, number: int, user: str) -> bool:
    """Ask for a token as this user, at a door of its turn."""
    logins = {PROVIDER: user}
    result = ask(environment, DOORS[number % len(DOORS)](arguments(logins=logins))).result or {}
    own = {"logins": logins, "identity_id": identity_of(logins), "token": token_of(logins)}
    return own.items() <= result.items()


def resident_kilobytes(environment: RuntimeProcess) -> int:
    [size] = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{environment.pid}/status").read_text())
    return int(size)


def test_callers_at_once_get_their_own_and_memory_stays(
    built_package: Path, tmp_path: Path
) -> None:
    with (
        sites.reachable(built_package, tmp_path) as site,
        deployed(site.package, site.url) as one,
        deployed(site.package, site.url) as two,
        ThreadPoolExecutor(8) as callers,
    ):

        def call(number: int) -> bool:
            return is_own((one, two)[number % 2], number, f"user-{number % 37}")

        assert all(callers.map(call, range(CALLS)))
        before = [resident_kilobytes(environment) for environment in (one, two)]
        assert all(callers.map(call, range(2 * CALLS)))
        after = [resident_kilobytes(environment) for environment in (one, two)]

    assert len({*site.cognito.connections}) <= 4
    assert all(late - early < 1500 for early, late in zip(before, after, strict=True))


@pytest.mark.parametrize("in_one_record", [True, False])
def test_an_answer_that_nobody_asked_for_is_nobodys(
    built_package: Path, tmp_path: Path, in_one_record: bool
) -> None:
    with (
        sites.over_tls()(built_package, tmp_path) as site,
        deployed(site.package, site.url, site.variables) as environment,
    ):
        site.cognito.act = answers_twice(in_one_record=in_one_record)
        own = [is_own(environment, 0, f"user-{number % 2}") for number in range(500)]

    assert own == [True] * 500
