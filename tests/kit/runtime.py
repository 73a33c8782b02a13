"""The built package in the real runtime client, with the variables that the template gives it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.kit.builders import ISSUER, POOL, PROVIDER
from tests.kit.doors import Outcome, of_error, of_http
from tools.environment import Environment, TimedOutError
from tools.local import template
from tools.runtime_api.process import RuntimeProcess, running

TIMED_OUT: Final = "Sandbox.Timedout"
_FUNCTION: Final = template.function(
    IdentityPoolId=POOL,
    DeveloperProviderName=PROVIDER,
    JwtIssuer=ISSUER,
    PrincipalTagClaims="department=custom:department,tenant=tenant_id",
)


@contextmanager
def deployed(
    package: Path, endpoint: str, variables: Mapping[str, str | None] | None = None, **options: Any
) -> Iterator[RuntimeProcess]:
    """The function, with Cognito at `endpoint`; `variables` are put over the template's."""
    own = {**_FUNCTION.variables, "AWS_ENDPOINT_URL_COGNITO_IDENTITY": endpoint}
    options = {"timeout_seconds": _FUNCTION.timeout_seconds, **options}
    with running(package, {**own, **(variables or {})}, **options) as process:
        yield process


def ask(environment: Environment, event: Any) -> Outcome:
    """What a door answered, in one form for all doors. Where Lambda's own timeout ended it, the
    error has the name that Lambda gives it."""
    try:
        answer = environment.invoke(event)
    except TimedOutError as timeout:
        return Outcome(code=TIMED_OUT, detail=str(timeout))
    if answer.error_type is not None:
        return of_error(answer.payload)
    if isinstance(answer.payload, dict) and "statusCode" in answer.payload:
        return of_http(answer.payload)
    return Outcome(result=answer.payload)
