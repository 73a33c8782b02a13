"""The embedded Cognito: a server in a thread, with one identity pool. The same endpoint is STS for
the credentials that the pool gives, and no other service of AWS."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tools.environment import ACCOUNT, REGION
from tools.local.cognito.identity_pools import IdentityPools, Pool
from tools.local.cognito.server import application
from tools.local.web import server

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

    @property
    def region(self) -> str:
        """The pool's."""
        return self.identity_pool_id.partition(":")[0]


@contextmanager
def embedded_cognito() -> Iterator[Cognito]:
    """An embedded Cognito on a free loopback port until the block ends, with a pool for `PROVIDER`
    whose users get `ROLE`."""
    pool = f"{REGION}:{uuid.uuid4()}"
    with server.serving(application(IdentityPools({pool: Pool(PROVIDER, ROLE)}))) as url:
        yield Cognito(url, pool, PROVIDER)
