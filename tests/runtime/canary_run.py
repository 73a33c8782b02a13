"""Invokes the function with canaries everywhere, and keeps all that came out of it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.builders import Json
from tests.runtime import planted, sites, xray
from tests.runtime.canaries import Canaries
from tests.runtime.emulation import deployed, told, written
from tests.runtime.misbehaving import Act, answers, error, identity_of

_DEBUG: Final = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG"}
_CAPTURE: Final = {
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "true",
    "POWERTOOLS_TRACER_CAPTURE_ERROR": "true",
}
_DEVELOPER: Final = {"POWERTOOLS_DEBUG": "true", "POWERTOOLS_DEV": "true"}
VARIANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "as deployed": {},
    "DEBUG": _DEBUG,
    "capturing, plain text": {**_CAPTURE, "AWS_LAMBDA_LOG_FORMAT": "Text"},
    "everything on": {**_DEBUG, **_CAPTURE, **_DEVELOPER},
}


@dataclass(frozen=True)
class Call:
    """One invocation: `code` is the error's class, `cognito` how often Cognito was asked."""

    label: str
    code: str | None
    cognito: int
    segments: list[Json] = field(repr=False)
    refusal: str = field(repr=False)


@dataclass(frozen=True)
class Run:
    """All invocations of one environment, and all that it wrote."""

    canaries: Canaries
    calls: list[Call]
    log: str = field(repr=False)
    metrics: list[Json] = field(repr=False)


def run(package: Path, scratch: Path, variables: Mapping[str, str]) -> Run:
    """The whole script, in one environment with `variables`."""
    canaries = Canaries()
    with xray.listening() as daemon, sites.reachable(package, scratch) as site:
        more = {**variables, "AWS_XRAY_DAEMON_ADDRESS": daemon.address}
        with deployed(site.package, site.url, more) as environment:
            calls = []
            for label, event, act in _script(canaries):
                asked, site.endpoint.act = len(site.endpoint.requests), act
                answer = environment.invoke(event)
                outcome, cognito = told(answer), len(site.endpoint.requests) - asked
                refusal = json.dumps(answer.payload) if outcome.code else ""
                calls.append(Call(label, outcome.code, cognito, daemon.segments(), refusal))
            return Run(canaries, calls, environment.logs(), written(environment).metrics)


def _script(canaries: Canaries) -> Iterator[tuple[str, Any, Act]]:
    """What is invoked with which event, and what Cognito does then."""
    issues = _issues(canaries)
    yield from ((label, event, issues) for label, event in planted.accepted(canaries))
    yield from ((label, event, issues) for label, event in planted.refused(canaries))
    for what, act in _faults(canaries):
        for label, event in planted.accepted(canaries):
            yield f"{label}: {what}", event, act
    # These are tried again, which takes its time: two doors are enough, as the rest is behind.
    doors = ("direct", "http api")
    for what, act in _lasting_faults(canaries):
        for label, event in planted.accepted(canaries):
            if label in doors:
                yield f"{label}: {what}", event, act


def _issues(canaries: Canaries) -> Act:
    content = {"IdentityId": identity_of({}), "Token": canaries.plant("token")}
    return answers(200, json.dumps(content).encode())


def _echo(canaries: Canaries) -> str:
    wheres = ("login value", "tag value", "login claim", "tag claim")
    return " and ".join(canaries.plant(where) for where in wheres) + " are no good"


def _faults(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    echo, token = _echo(canaries), canaries.plant("token in a bad answer")
    for name in (
        "DeveloperUserAlreadyRegisteredException",
        "InvalidParameterException",
        "NotAuthorizedException",
        "ResourceConflictException",
        "ResourceNotFoundException",
        "AccessDeniedException",
        "InvalidSignatureException",
    ):
        yield name, error(name, echo)
    yield "named after a value", error(canaries.plant("login value"), echo)
    yield "HTML", answers(200, f"<p>{echo}</p>".encode(), "text/html")
    yield "array", answers(200, json.dumps([echo, token]).encode())
    yield "no identity", answers(200, json.dumps({"Token": token}).encode())
    wrong = {"IdentityId": token, "Token": token}
    yield "malformed identity", answers(200, json.dumps(wrong).encode())
    spaced = {"IdentityId": identity_of({}), "Token": f"{token} {echo}"}
    yield "malformed token", answers(200, json.dumps(spaced).encode())


def _lasting_faults(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    echo = _echo(canaries)
    yield "throttled", error("TooManyRequestsException", echo)
    yield "failing", error("InternalErrorException", echo, 500)
    yield "busy", answers(503, echo.encode(), "text/plain")
