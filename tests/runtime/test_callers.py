"""Many callers, side by side and in turn: nobody gets another's answer, and nothing leaks."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.kit.acts import (
    Act,
    answers_late,
    answers_twice,
    at_exchange,
    identity_of,
    issues,
    token_of,
)
from tests.kit.builders import PROVIDER, arguments, credentials_http_event
from tests.kit.doors import BACKEND_DOORS
from tests.kit.runtime import ask, deployed
from tests.runtime import sites
from tests.runtime.sites import Site
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


def answer(status: str, body: bytes = b"", kind: bytes = b"application/x-amz-json-1.1") -> bytes:
    head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\n\r\n%b"
    return head % (status.encode(), kind, len(body), body)


# What a way to Cognito may say before Cognito does.
BEFORE = {
    **{
        status: f"HTTP/1.1 {status}\r\n\r\n".encode()
        for status in ("101 Switching", "102 Processing", "103 Hints", "204 None", "304 As it was")
    },
    **{
        f"an empty {status}": answer(status)
        for status in ("200 OK", "400 Bad", "404 None", "500 No")
    },
    "a page": answer("404 Not Found", b"<html>Sign in</html>", b"text/html"),
    "an object": answer("200 OK", b"{}"),
    "JSON of another shape": answer("200 OK", b'{"IdentityId": ["x"]}'),
}


@pytest.fixture(scope="module")
def late(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, RuntimeProcess]]:
    """One environment for all that comes late."""
    with (
        sites.over_tls()(built_package, tmp_path_factory.mktemp("late")) as site,
        deployed(site.package, site.url, site.variables) as environment,
    ):
        yield site, environment


@pytest.mark.parametrize("at", [lambda act: act, at_exchange], ids=["issued", "exchanged"])
@pytest.mark.parametrize("first", BEFORE.values(), ids=BEFORE)
def test_an_answer_that_comes_late_is_nobodys(
    late: tuple[Site, RuntimeProcess], first: bytes, at: Callable[[Act], Act]
) -> None:
    site, environment = late
    own = []
    for number in range(4):
        site.cognito.act = at(answers_late(first))
        assert ask(environment, credentials_http_event(claims={"sub": f"user-{number}"})).code
        site.cognito.act = issues
        if number % 2:
            own.append(is_own(environment, 0, "the next one"))
        else:
            result = ask(environment, credentials_http_event(claims={"sub": "the next one"})).result
            own.append((result or {})["IdentityId"] == identity_of({PROVIDER: "the next one"}))
    assert own == [True] * 4


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
