"""The function and all that it needs, running: embedded Cognito (or the real one) and one or
more execution environments."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from tools import ROOT
from tools.local.cognito.embedded import Cognito, embedded_cognito
from tools.local.runtime import client as runtime
from tools.local.runtime.emulator import emulated
from tools.local.runtime.environment import Environment, StartError
from tools.local.runtime.in_process import in_process

SOURCE = ROOT / "src"


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
    """Run the built `package` for an embedded pool, or for the real `pool` and `provider` with
    the AWS credentials of this shell. `settings` are put over the function's variables.

    Raises:
        CannotRunError: no package, no provider, no credentials.
        StartError, CognitoStartError: a part did not come up.
    """
    with ExitStack() as stack:
        if pool:
            cognito, credentials = _real(pool, provider), _credentials()
        else:
            cognito, credentials = stack.enter_context(embedded_cognito()), {}
        variables = {**_variables(cognito), **credentials, **(settings or {})}
        try:
            runtime.emulator_binary()
        except StartError as reason:
            started: list[Environment] = [stack.enter_context(in_process(SOURCE, variables))]
            notice = f"In this process, without the Lambda runtime: {reason}."
        else:
            _check(package)
            started = [
                stack.enter_context(emulated(package, variables)) for _ in range(environments)
            ]
            notice = "In AWS's Lambda runtime client under AWS's runtime interface emulator."
        yield Stack(cognito, started, notice)


def _check(package: Path) -> None:
    if not (package / "openid_token").is_dir():
        raise CannotRunError(
            f"{package} is not a built package; `make run` and `make serve` build it"
        )


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


def _variables(cognito: Cognito) -> dict[str, str]:
    """What the template gives the function, and where its Cognito is."""
    region = cognito.identity_pool_id.partition(":")[0]
    variables = {
        "IDENTITY_POOL_ID": cognito.identity_pool_id,
        "DEVELOPER_PROVIDER_NAME": cognito.developer_provider_name,
        "LOGIN_CLAIM": "sub",
        "PRINCIPAL_TAG_CLAIMS": "department=custom:department,tenant=tenant_id",
        "MAX_TOKEN_DURATION": "86400",
        "USER_MAX_TOKEN_DURATION": "900",
        "POWERTOOLS_SERVICE_NAME": "openid-token-issuer",
        "POWERTOOLS_LOGGER_LOG_EVENT": "false",
        "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
        "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }
    if cognito.endpoint_url:
        variables["AWS_ENDPOINT_URL_COGNITO_IDENTITY"] = cognito.endpoint_url
    return variables
