"""The function's doors: how each is asked in this process, and what came of it, in one form."""

import io
import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, NamedTuple

from openid_token import telemetry
from openid_token.doors import Handler, create
from openid_token.errors import InvalidParameterException, TokenIssuerError
from tests.kit import builders
from tests.kit.acts import Act, issues
from tests.kit.builders import EXECUTION, Json, http_event, lambda_context, rest_event
from tests.kit.cognito import Cognito

ERRORS: Final = TokenIssuerError.__subclasses__()
BACKEND_DOORS: Final[Mapping[str, Callable[[Any], object]]] = {
    "direct": lambda given: given,
    "step functions": lambda given: {**given, "execution_id": EXECUTION},
    "http api": http_event,
    "rest api": rest_event,
}
_VIOLATION: Final = re.compile(r"(?:^|; )(\S+) (?:is|must) ")


@dataclass(frozen=True)
class Outcome:
    """What a door answered: a result, or the class, the detail and the arguments of an error."""

    result: Json | None = field(default=None, repr=False)
    code: str | None = None
    detail: str = ""
    invalid: tuple[str, ...] = ()
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Emitted:
    """What was written: the audit records, and the metrics but for the cold start's."""

    text: str = field(repr=False)

    @property
    def records(self) -> list[Json]:
        return [found for found in self.objects() if "outcome" in found]

    @property
    def record(self) -> Json:
        """The only one."""
        (record,) = self.records
        return record

    @property
    def metrics(self) -> list[Json]:
        """One object in embedded metric format each."""
        return [found for found in self.objects() if "_aws" in found and "door" in found]

    def objects(self) -> Iterator[Json]:
        """Every JSON object in it, whatever stands around it in its line."""
        decoder, position = json.JSONDecoder(), self.text.find('{"')
        while position >= 0:
            try:
                found, end = decoder.raw_decode(self.text, position)
                yield found
            except ValueError:
                end = position + 1
            position = self.text.find('{"', end)


def handler(does: Cognito | Act = issues, **variables: str) -> Handler:
    """The Lambda handler of a deployment with these settings, and a Cognito behind it."""
    cognito = does if isinstance(does, Cognito) else Cognito(does)
    return create(builders.settings(**variables), cognito.client())


def invoke(function: Handler, event: object) -> Outcome:
    """Invoke as the runtime does. Only an error of the contract counts as an outcome."""
    try:
        answer = function(event, lambda_context())
    except TokenIssuerError as error:
        invalid = error.violations if isinstance(error, InvalidParameterException) else ()
        named = tuple(violation.argument for violation in invalid)
        return Outcome(code=type(error).__name__, detail=str(error), invalid=named)
    json.dumps(answer).encode()
    return of_http(answer) if "statusCode" in answer else Outcome(result=answer)


def of_http(answer: Json) -> Outcome:
    """What an HTTP response says."""
    assert answer.keys() == {"statusCode", "headers", "body", "isBase64Encoded"}
    body: Any = json.loads(answer["body"].encode())
    said: Json = {"status": answer["statusCode"], "headers": answer["headers"], "body": body}
    if answer["statusCode"] == 200:
        return Outcome(result=body, **said)
    named = tuple(error["argument"] for error in body.get("errors", ()))
    return Outcome(code=body["code"], detail=body["detail"], invalid=named, **said)


def of_error(payload: Json) -> Outcome:
    """What Lambda tells a direct caller of an error."""
    message = payload.get("errorMessage") or ""
    named = tuple(_VIOLATION.findall(message))
    return Outcome(code=payload["errorType"], detail=message, invalid=named, body=payload)


@contextmanager
def emitting() -> Iterator[Callable[[], Emitted]]:
    """Collect what is written in the block."""
    (own,) = logging.getLogger(telemetry.logger.name).handlers
    assert isinstance(own, logging.StreamHandler)
    output = io.StringIO()
    before = own.setStream(output)
    try:
        with redirect_stdout(output):
            yield lambda: Emitted(output.getvalue())
    finally:
        own.setStream(before)


class Seen(NamedTuple):
    """What came of one event, what was written of it, and the Cognito that was asked."""

    outcome: Outcome
    written: Emitted
    cognito: Cognito

    @property
    def record(self) -> Json:
        """The audit record."""
        return self.written.record


@cache
def _deployed(**variables: str) -> tuple[Cognito, Handler]:
    """One for all tests that ask for these settings: a client of botocore's takes a while."""
    cognito = Cognito()
    return cognito, handler(cognito, **variables)


def play(event: object, act: Act = issues, /, **variables: str) -> Seen:
    """One event at a deployment with these settings, and a Cognito that does this."""
    shared, function = _deployed(**variables)
    shared.act, shared.calls, shared.dropped = act, [], 0
    with emitting() as written:
        outcome = invoke(function, event)
    # A copy: the next event is not this one's.
    return Seen(outcome, written(), replace(shared))
