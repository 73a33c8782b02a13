"""The function in the real runtime client, with a Cognito that behaves."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.cognito import Cognito
from tests.kit.runtime import deployed
from tests.runtime import sites
from tests.runtime.sites import Site
from tools.runtime_api.process import RuntimeProcess


@pytest.fixture(scope="module")
def site(built_package: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Where the function of a module finds Cognito."""
    with sites.reachable(built_package, tmp_path_factory.mktemp("site")) as reachable:
        yield reachable


@pytest.fixture(scope="module")
def function(site: Site) -> Iterator[RuntimeProcess]:
    """One environment for a module, because it costs a cold start."""
    with deployed(site.package, site.url) as environment:
        yield environment


@pytest.fixture
def cognito(site: Site) -> Iterator[Cognito]:
    """The module's Cognito, healthy again after the test."""
    site.cognito.calls.clear()
    yield site.cognito
    site.heal()
