"""The built package in the real runtime client, with the variables that the template gives it."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.builders import ISSUER, POOL, PROVIDER, Json
from tests.doors import Outcome, of_http
from tools.environment import Environment, TimedOutError
from tools.local import template
from tools.runtime_api.process import RuntimeProcess, running

_VIOLATION: Final = re.compile(r"(?:^|; )(\S+) (?:is|must) ")
_FUNCTION: Final = template.function(
    IdentityPoolId=POOL,
    DeveloperProviderName=PROVIDER,
    JwtIssuer=ISSUER,
    PrincipalTagClaims="department=custom:department,tenant=tenant_id",
)
DEPLOYED: Final = _FUNCTION.variables
TIMEOUT_SECONDS: Final = _FUNCTION.timeout_seconds


@contextmanager
def deployed(
    package: Path, endpoint: str, variables: Mapping[str, str | None] | None = None, **options: Any
) -> Iterator[RuntimeProcess]:
    """The function, with Cognito at `endpoint`; `variables` are put over the template's."""
    environment = {**DEPLOYED, "AWS_ENDPOINT_URL_COGNITO_IDENTITY": endpoint, **(variables or {})}
    options = {"timeout_seconds": TIMEOUT_SECONDS, **options}
    with running(package, environment, **options) as process:
        yield process


def ask(environment: Environment, event: Any) -> Outcome:
    """What a door answered, in one form for all doors. Where Lambda's own timeout ended it, the
    error has the name that Lambda gives it."""
    try:
        answer = environment.invoke(event)
    except TimedOutError as timeout:
        return Outcome(code="Sandbox.Timedout", detail=str(timeout))
    if answer.error_type is not None:
        message = answer.error_message or ""
        named = tuple(_VIOLATION.findall(message))
        return Outcome(code=answer.error_type, detail=message, invalid=named, body=answer.payload)
    if isinstance(answer.payload, dict) and "statusCode" in answer.payload:
        return of_http(answer.payload)
    return Outcome(result=answer.payload)


@dataclass(frozen=True)
class Written:
    """The audit records, and the objects in embedded metric format, of what was written."""

    records: list[Json]
    metrics: list[Json]


def written(text: str) -> Written:
    """What an environment has written: standard output and standard error together. A process
    writes into the log itself, so an answer that is here has its lines here."""
    found = list(_objects(text))
    return Written([o for o in found if "outcome" in o], [o for o in found if "_aws" in o])


def _objects(text: str) -> Iterator[Json]:
    """Every JSON object in it, whatever stands around it in its line."""
    decoder, position = json.JSONDecoder(), text.find('{"')
    while position >= 0:
        try:
            found, end = decoder.raw_decode(text, position)
        except ValueError:
            end = position + 1
        else:
            yield found
        position = text.find('{"', end)
