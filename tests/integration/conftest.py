"""Cognito over real HTTP: moto's server, or a server that misbehaves."""

from collections.abc import Iterator

import boto3
import pytest
from botocore.retries.standard import ExponentialBackoff
from moto.server import ThreadedMotoServer

from tests.builders import PROVIDER


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore retries at once."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of moto's server on a free loopback port."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def pool(moto: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """An identity pool in moto, which the function's client finds by the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", moto)
    client = boto3.client("cognito-identity", region_name="eu-central-1")
    created = client.create_identity_pool(
        IdentityPoolName="test",
        AllowUnauthenticatedIdentities=False,
        DeveloperProviderName=PROVIDER,
    )
    client.close()
    return created["IdentityPoolId"]
