"""The function and all that it needs, running: embedded Cognito (or the real one), one or more
workers, and who its users' login is checked by."""

import signal
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError

from tools import ROOT, environment
from tools.environment import EmulationError
from tools.local.cognito.embedded import Cognito, embedded_cognito
from tools.local.jwt_issuer import JwtIssuer, create
from tools.local.template import function
from tools.local.web import server
from tools.local.workers import ALONE, Worker, can_import, working


class CannotRunError(Exception):
    """What the person at the terminal must put right; the message says how."""


@dataclass(frozen=True)
class Stack:
    """A running stack. `listening` is where its gateway is to be, `url` the address of that, and
    `notice` is for the person who started it."""

    cognito: Cognito
    workers: Sequence[Worker]
    jwt_issuer: JwtIssuer
    listening: socket.socket
    url: str
    notice: str


@contextmanager
def running(
    package: Path,
    *,
    port: int = 0,
    pool: str | None = None,
    provider: str | None = None,
    workers: int = 1,
    has_authorizer: bool = False,
) -> Iterator[Stack]:
    """Run the built `package` for an embedded identity pool, or for the real `pool` and `provider`
    with the AWS credentials of this shell. Where it `has_authorizer`, a Lambda authorizer vouches
    for the users in place of the local JWT issuer.

    Raises:
        CannotRunError: no package, no provider, no credentials, a port that is taken.
        StartError: a part did not come up.
    """
    with ExitStack() as stack:
        listening = stack.enter_context(_opened(port))
        url = server.url_of(listening)
        issuer = create(url)
        if pool and not provider:
            raise CannotRunError("with POOL, PROVIDER must be the pool's developer provider name")
        if pool and provider:
            cognito, own = Cognito(None, pool, provider), _credentials()
        else:
            cognito = stack.enter_context(embedded_cognito())
            own = {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": cognito.endpoint_url or ""}
        by_jwt = {"JwtIssuer": issuer.url, "JwtAudience": issuer.audience}
        deployed = function(
            IdentityPoolId=cognito.identity_pool_id,
            DeveloperProviderName=cognito.developer_provider_name,
            # What a user's JWT of the local issuer may say beside who they are.
            PrincipalTagClaims="department=custom:department,tenant=tenant_id",
            **({"UserAuthorizerArn": "local"} if has_authorizer else by_jwt),
        )
        notice, python, path = _place(package)
        handler, seconds = deployed.handler, deployed.timeout_seconds
        variables = {
            **environment.variables(path, handler, seconds, deployed.memory_megabytes),
            **deployed.variables,
            "PYTHONPATH": str(path.resolve()),
            **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), cognito.region),
            **own,
        }
        started = [
            stack.enter_context(working(python, handler, variables, seconds))
            for _ in range(workers)
        ]
        notice += (
            f" Cognito is AWS's own, in {cognito.region}: what it issues is real."
            if pool
            else " Cognito is embedded: its tokens and credentials are good here alone."
        )
        yield Stack(cognito, started, issuer, listening, url, notice)


def exit_status(command: Callable[[Path], int], *, interrupted: int) -> int:
    """Run `command` for the package that the command line names, so that Ctrl-C and SIGTERM unwind
    it, and what a person can put right is one message. `interrupted` is the status after either."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command(Path(sys.argv[1]))
    except KeyboardInterrupt:
        return interrupted
    except (CannotRunError, EmulationError) as error:
        print(error, file=sys.stderr)
        return 1


def _opened(port: int) -> socket.socket:
    try:
        return server.opened(port)
    except OSError as error:
        said = f"port {port} can't be used: {error.strerror}. Choose another with PORT=number."
        raise CannotRunError(said) from None


def _place(package: Path) -> tuple[str, Sequence[str], Path]:
    """What is run, said in a line; by which Python; and where it is imported from."""
    if not (package / "openid_token").is_dir():
        raise CannotRunError(
            f"{package} is not a built package; `make run` and `make serve` build it"
        )
    if can_import(package):
        return "The built package, in a process of its own.", ALONE, package
    notice = (
        "The sources in src/, in a process of its own: "
        "the built package is for Linux, and can't be imported here."
    )
    return notice, [sys.executable, "-s"], ROOT / "src"


def _credentials() -> dict[str, str]:
    """Those of this shell, by whichever way to sign in the AWS CLI offers."""
    try:
        found = boto3.Session().get_credentials()
        frozen = found.get_frozen_credentials() if found else None
    except BotoCoreError as error:
        raise CannotRunError(f"with POOL, AWS credentials are needed: {error}") from None
    if frozen is None:
        raise CannotRunError("with POOL, this shell must have AWS credentials, and it has none")
    return {
        "AWS_ACCESS_KEY_ID": frozen.access_key or "",
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key or "",
        "AWS_SESSION_TOKEN": frozen.token or "",
    }
