"""The embedded Cognito: moto's server in a process of its own, with one identity pool. The same
endpoint is the rest of AWS, as far as moto plays it, for the credentials that the pool gives.

A process of its own, because moto's state is global: a server in this process would share
it with every test that mocks AWS.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import boto3

from tools.local.runtime import processes
from tools.local.runtime.client import REGION
from tools.local.runtime.environment import ACCOUNT

PROVIDER = "login.example.com"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/local-user"


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
        StartError: it ended before it was ready.
    """
    with processes.serving("tools.local.cognito.server") as (_, endpoint):
        yield Cognito(endpoint, _create_pool(endpoint, provider), provider)


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
