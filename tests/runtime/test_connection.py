"""The connection that the init phase opens is the one that the first call takes."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.builders import arguments
from tests.kit.runtime import ask, deployed
from tests.runtime import sites
from tests.runtime.sites import Site

KINDS = {"plain": sites.reachable, "TLS": sites.over_tls()}


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, built_package: Path, tmp_path: Path) -> Iterator[Site]:
    with KINDS[request.param](built_package, tmp_path) as reachable:
        yield reachable


def test_init_and_calls_share_one_connection(site: Site) -> None:
    with deployed(site.package, site.url, site.variables) as environment:
        outcomes = [ask(environment, arguments()) for _ in range(3)]

    assert [outcome.code for outcome in outcomes] == [None] * 3
    assert len(site.cognito.connections) == 1
    # Nothing went over it that Cognito would count, log or bill.
    assert len(site.cognito.calls) == 3


def test_one_that_was_closed_meanwhile_costs_no_attempt(site: Site) -> None:
    with deployed(site.package, site.url, site.variables) as environment:
        ask(environment, arguments())
        [connection] = site.cognito.connections
        connection.shutdown(socket.SHUT_RDWR)
        outcome = ask(environment, arguments())

    assert outcome.code is None
    assert len(site.cognito.connections) == 2
    attempts = [request.headers["amz-sdk-request"] for request in site.cognito.calls]
    assert attempts == ["attempt=1; max=3"] * 2
