"""Where the function finds Cognito, or does not: what is wrong before any HTTP is spoken.

A site is broken when its block begins, if it can break at all, and `heal` mends it.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import trustme

from tests.kit.acts import Act, Reply
from tests.kit.cognito import Cognito, bound, served, serving
from tools.local.web.server import url_of

type Start = Callable[[Path, Path], AbstractContextManager["Site"]]

KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


@dataclass(frozen=True)
class Site:
    """What an environment is started with."""

    package: Path
    url: str
    cognito: Cognito
    heal: Callable[[], None]
    variables: Mapping[str, str | None] = field(default_factory=dict)


@contextmanager
def reachable(package: Path, _: Path) -> Iterator[Site]:
    """Nothing is wrong with the site; its endpoint may misbehave."""
    cognito = Cognito()
    with served(cognito) as url:
        yield Site(package, url, cognito, cognito.heal)


def unserved(*, queue_is_full: bool = False) -> Start:
    """Nobody listens at the port, or nobody accepts what comes to it."""

    @contextmanager
    def start(package: Path, _: Path) -> Iterator[Site]:
        cognito = Cognito()
        with ExitStack() as stack:
            listening = stack.enter_context(bound())
            if queue_is_full:
                listening.listen(0)
                stack.enter_context(socket.create_connection(listening.getsockname()))

            def heal() -> None:
                listening.listen()
                stack.enter_context(serving(cognito, listening))

            yield Site(package, url_of(listening), cognito, heal)

    return start


@contextmanager
def unresolvable(package: Path, _: Path) -> Iterator[Site]:
    """The endpoint's name does not resolve, and never will."""
    cognito = Cognito()
    yield Site(package, "http://cognito.invalid", cognito, cognito.heal)


def over_tls(name: str = "localhost", *, known: bool = True, expired: bool = False) -> Start:
    """Over TLS. The certificate may be for another `name`, of an unknown authority, or expired."""

    @contextmanager
    def start(package: Path, scratch: Path) -> Iterator[Site]:
        ours, cognito = trustme.CA(), Cognito()
        ours.cert_pem.write_to_path(str(scratch / "ca.pem"))
        until = datetime.now(UTC) - timedelta(days=1) if expired else None
        first = (ours if known else trustme.CA()).issue_cert(name, not_after=until)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        first.configure_cert(context)
        with served(cognito, context) as url:
            yield Site(
                package,
                url.replace("http://127.0.0.1", "https://localhost"),
                cognito,
                heal=lambda: ours.issue_cert("localhost").configure_cert(context),
                variables={"AWS_CA_BUNDLE": str(scratch / "ca.pem")},
            )

    return start


@contextmanager
def without_keys(package: Path, scratch: Path) -> Iterator[Site]:
    """No credentials anywhere. botocore looks for them when the client is made, and no more."""
    away: dict[str, str | None] = {**dict.fromkeys(KEYS), "AWS_EC2_METADATA_DISABLED": "true"}
    with reachable(package, scratch) as site:
        yield replace(site, variables=away)


@contextmanager
def without_fresh_keys(package: Path, scratch: Path) -> Iterator[Site]:
    """The credentials have expired, and the endpoint that has fresh ones fails."""
    expired = credentials("ASIAEXPIRED", timedelta(hours=-1))
    keys = Cognito(lambda call: Reply(500) if keys.calls[1:] else expired(call))
    with reachable(package, scratch) as site, served(keys) as url:

        def heal() -> None:
            keys.act = credentials("ASIAFRESH", timedelta(hours=6))

        yield replace(site, heal=heal, variables=from_container(url))


def credentials(key: str, life: timedelta) -> Act:
    """Answer as Lambda's own endpoint for the credentials of a restored environment."""
    content = {
        "AccessKeyId": key,
        "SecretAccessKey": f"secret of {key}",
        "Token": f"session of {key}",
        "Expiration": (datetime.now(UTC) + life).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    return lambda _: Reply.json(content)


def from_container(url: str) -> dict[str, str | None]:
    """The variables that Lambda sets under SnapStart, in place of the keys."""
    return {
        **dict.fromkeys(KEYS),
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN": "local",
    }
