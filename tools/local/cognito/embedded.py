"""The embedded Cognito: a server in a process of its own, with one identity pool. The same endpoint
is STS for the credentials that the pool gives, and no other service of AWS."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tools.environment import ACCOUNT
from tools.local import processes

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
    with processes.serving("tools.local.cognito.server", provider) as ready:
        endpoint, pool = ready.split()
        yield Cognito(endpoint, pool, provider)
