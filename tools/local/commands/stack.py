"""The function and all that it needs, running: embedded Cognito (or the real one) and one or
more execution environments."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tools import ROOT
from tools.local.cognito.embedded import Cognito, embedded_cognito
from tools.local.runtime import client as runtime
from tools.local.runtime.emulator import emulated
from tools.local.runtime.environment import Environment, StartError
from tools.local.runtime.in_process import in_process
from tools.local.template import Function, function

SOURCE = ROOT / "src"
# What a user's JWT of the local issuer may say beside who they are.
TAG_CLAIMS = "department=custom:department,tenant=tenant_id"


class CannotRunError(Exception):
    """What the person at the terminal must put right; the message says how."""


@dataclass(frozen=True)
class Stack:
    """A running stack. `notice` is one line for the person who started it."""

    cognito: Cognito
    environments: Sequence[Environment]
    notice: str


@contextmanager
def running(
    package: Path,
    *,
    pool: str | None = None,
    provider: str | None = None,
    environments: int = 1,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Stack]:
    """Run the built `package` for an embedded identity pool, or for the real `pool` and `provider`
    with the AWS credentials of this shell. `settings` are put over the function's variables.

    Raises:
        CannotRunError: no package, no provider, no credentials.
        StartError: a part did not come up.
    """
    with ExitStack() as stack:
        if pool:
            cognito, own = _real(pool, provider), _credentials()
        else:
            cognito = stack.enter_context(embedded_cognito())
            own = {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": cognito.endpoint_url or ""}
        deployed = function(
            IdentityPoolId=cognito.identity_pool_id,
            DeveloperProviderName=cognito.developer_provider_name,
            PrincipalTagClaims=TAG_CLAIMS,
        )
        given = {**deployed.variables, **_region(cognito), **own, **(settings or {})}
        notice, started = _started(stack, package, deployed, given, environments)
        yield Stack(cognito, started, notice)


def _started(
    stack: ExitStack, package: Path, deployed: Function, variables: Mapping[str, str], number: int
) -> tuple[str, list[Environment]]:
    options: dict[str, Any] = {
        "handler": deployed.handler,
        "timeout_seconds": deployed.timeout_seconds,
        "memory_megabytes": deployed.memory_megabytes,
    }
    try:
        runtime.emulator_binary()
    except StartError as reason:
        only = stack.enter_context(in_process(SOURCE, variables, **options))
        return f"In this process, without the Lambda runtime: {reason}.", [only]
    if not (package / "openid_token").is_dir():
        raise CannotRunError(
            f"{package} is not a built package; `make run` and `make serve` build it"
        )
    notice = "In AWS's Lambda runtime client under AWS's runtime interface emulator."
    return notice, [
        stack.enter_context(emulated(package, variables, **options)) for _ in range(number)
    ]


def _real(pool: str, provider: str | None) -> Cognito:
    if not provider:
        raise CannotRunError("with POOL, PROVIDER must be the pool's developer provider name")
    return Cognito(None, pool, provider)


def _credentials() -> dict[str, str]:
    credentials = boto3.Session().get_credentials()
    if credentials is None:
        raise CannotRunError("with POOL, this shell must have AWS credentials, and it has none")
    frozen = credentials.get_frozen_credentials()
    return {
        "AWS_ACCESS_KEY_ID": frozen.access_key or "",
        "AWS_SECRET_ACCESS_KEY": frozen.secret_key or "",
        "AWS_SESSION_TOKEN": frozen.token or "",
    }


def _region(cognito: Cognito) -> dict[str, str]:
    region = cognito.identity_pool_id.partition(":")[0]
    return {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
