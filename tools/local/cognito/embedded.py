"""The embedded Cognito: moto's server in a process of its own, with one identity pool. The same
endpoint is the rest of AWS, as far as moto plays it, for the credentials that the pool gives.

A process of its own, because moto's state is global: a server in this process would share
it with every test that mocks AWS.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3

from tools.local.runtime.client import REGION
from tools.local.runtime.environment import ACCOUNT

PROVIDER = "login.example.com"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/local-user"


class CognitoStartError(Exception):
    """The embedded Cognito ended before it was ready."""


@dataclass(frozen=True)
class Cognito:
    """Where the function finds Cognito, and the pool that it issues tokens for.

    `endpoint_url` is `None` for the real one.
    """

    endpoint_url: str | None
    identity_pool_id: str
    developer_provider_name: str


@contextmanager
def embedded_cognito(provider: str = PROVIDER) -> Iterator[Cognito]:
    """An embedded Cognito on a free loopback port, with a pool for `provider`.

    It ends with the block, and also by itself when this process ends in any way.

    Raises:
        CognitoStartError: it ended before it was ready.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "tools.local.cognito.server"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as server:
        try:
            endpoint = server.stdout.readline().strip() if server.stdout else ""
            if not endpoint:
                raise CognitoStartError(f"moto's server ended with status {server.wait()}")
            yield Cognito(endpoint, _create_pool(endpoint, provider), provider)
        finally:
            server.terminate()


def _create_pool(endpoint: str, provider: str) -> str:
    client = boto3.client(
        "cognito-identity",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106
    )
    pool = client.create_identity_pool(
        IdentityPoolName="local",
        AllowUnauthenticatedIdentities=False,
        DeveloperProviderName=provider,
    )
    pool_id = pool["IdentityPoolId"]
    client.set_identity_pool_roles(IdentityPoolId=pool_id, Roles={"authenticated": ROLE})
    client.close()
    return pool_id
