"""A clean environment before anything of the function is imported, and around each test."""

import os
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from openid_token.settings import VARIABLES
from tests.kit import built
from tests.kit.builders import POOL, PROVIDER

_FOREIGN: Final = ("AWS_", "POWERTOOLS_", "_X_AMZN_", "LAMBDA_", "_HANDLER", "BOTO_")
CLEAN: Final = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "openid-token-issuer",
    "IDENTITY_POOL_ID": POOL,
    "DEVELOPER_PROVIDER_NAME": PROVIDER,
}


def clean(environ: MutableMapping[str, str]) -> None:
    """Remove what a machine may have set, and put `CLEAN` in its place."""
    for name in list(environ):
        if name.startswith(_FOREIGN) or name in VARIABLES or name.lower().endswith("_proxy"):
            del environ[name]
    environ.update(CLEAN)


clean(os.environ)

# Nothing is timed and nothing is written; under CI the examples are the same in each run.
settings.register_profile(
    "here", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def clean_environment() -> Iterator[None]:
    """No test sees what another one set."""
    saved = dict(os.environ)
    clean(os.environ)
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture(scope="session")
def built_package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for this machine, built at most once."""
    return built.package(tmp_path_factory.mktemp("built"))
