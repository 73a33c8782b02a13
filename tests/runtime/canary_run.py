"""Invokes the function with canaries everywhere, and keeps all that came out of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.builders import Json
from tests.cognito import Act, answers, at_exchange, error, identity_of, serves
from tests.fakes import CREDENTIALS
from tests.runtime import planted, sites
from tests.runtime.canaries import Canaries
from tests.runtime.emulation import ask, deployed, written

_CAPTURE: Final = {"POWERTOOLS_LOGGER_LOG_EVENT": "true"}
_DEVELOPER: Final = {"POWERTOOLS_DEBUG": "true", "POWERTOOLS_DEV": "true"}


def _level(name: str) -> dict[str, str]:
    return {"AWS_LAMBDA_LOG_LEVEL": name, "POWERTOOLS_LOG_LEVEL": name}


VARIANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "INFO, as deployed": {},
    "DEBUG, everything on": {**_level("DEBUG"), **_CAPTURE, **_DEVELOPER},
    "WARNING, capturing, plain text": {
        **_level("WARN"),
        **_CAPTURE,
        "AWS_LAMBDA_LOG_FORMAT": "Text",
    },
    "ERROR, capturing": {**_level("ERROR"), **_CAPTURE},
}


@dataclass(frozen=True)
class Call:
    """One invocation: `code` is the error's class."""

    label: str
    code: str | None
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
    with (
        sites.reachable(package, scratch) as site,
        deployed(site.package, site.url, variables) as environment,
    ):
        calls = []
        for label, event, act in _script(canaries):
            site.endpoint.act = act
            outcome = ask(environment, event)
            refusal = json.dumps([outcome.body, *outcome.headers.items()]) if outcome.code else ""
            calls.append(Call(label, outcome.code, refusal))
        log = environment.logs()
        return Run(canaries, calls, log, written(log).metrics)


def _script(canaries: Canaries) -> Iterator[tuple[str, Any, Act]]:
    """What is invoked with which event, and what Cognito does then."""
    accepted = dict(planted.accepted(canaries))
    for label, event in (*accepted.items(), *planted.anywhere(canaries)):
        yield label, event, _serves(canaries)
    users = {door: event for door, event in accepted.items() if door.startswith("user")}
    backends = {door: event for door, event in accepted.items() if door not in users}
    yield from _met(accepted, _faults(canaries))
    yield from _met(backends, _repeats(canaries, "login value", "tag value"))
    yield from _met(users, _repeats(canaries, "login claim", "tag claim"))
    # What is tried again takes its time: a door of each kind is enough, as the rest is behind.
    yield from _met({"direct": accepted["direct"]}, _lasting_faults(canaries))
    exchange = (
        *_repeats(canaries, "login claim", "tag claim", "token"),
        *_faults(canaries),
        *_lasting_faults(canaries),
        *_bad_credentials(canaries),
    )
    for label, event, act in _met({"exchange": accepted["user credentials"]}, exchange):
        yield label, event, at_exchange(act, before=_serves(canaries))


def _met(
    events: Mapping[str, Any], faults: Iterable[tuple[str, Act]]
) -> Iterator[tuple[str, Any, Act]]:
    for what, act in faults:
        for door, event in events.items():
            yield f"{door}: {what}", event, act


def _serves(canaries: Canaries) -> Act:
    secret = ("SecretKey", "SessionToken")
    credentials = {**CREDENTIALS, **{name: canaries.plant(name) for name in secret}}
    return serves(f"-{canaries.plant('token')}", credentials)


def _echo(canaries: Canaries) -> str:
    wheres = ("login value", "tag value", "login claim", "tag claim", "token")
    return " and ".join(canaries.plant(where) for where in wheres) + " are no good"


def _repeats(canaries: Canaries, *wheres: str) -> Iterator[tuple[str, Act]]:
    """Messages that hold one thing alone that the call did."""
    for where in wheres:
        yield f"repeats the {where}", error("NotAuthorizedException", message=canaries.plant(where))


def _faults(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    echo, token = _echo(canaries), canaries.plant("token in a bad answer")
    for name in (
        *("DeveloperUserAlreadyRegisteredException", "InvalidParameterException"),
        *("NotAuthorizedException", "ResourceConflictException", "ResourceNotFoundException"),
        *("ExternalServiceException", "InvalidIdentityPoolConfigurationException"),
        "AccessDeniedException",
    ):
        yield name, error(name, message=echo)
    yield "named after a value", error(canaries.plant("login value"), message=echo)
    named = {"__type": [canaries.plant("login value")], "message": {token: echo}}
    yield "of other types", answers(400, json.dumps(named).encode())
    yield "HTML", answers(200, f"<p>{echo}</p>".encode(), "text/html")
    yield "array", answers(200, json.dumps([echo, token]).encode())
    yield "cut off", answers(200, f'{{"Token": "{token}'.encode())
    yield "no identity", answers(200, json.dumps({"Token": token}).encode())
    wrong = {"IdentityId": token, "Token": token}
    yield "malformed identity", answers(200, json.dumps(wrong).encode())
    spaced = {"IdentityId": identity_of({}), "Token": f"{token} {echo}"}
    yield "token is spaced", answers(200, json.dumps(spaced).encode())


def _lasting_faults(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    echo = _echo(canaries)
    yield "throttled", error("TooManyRequestsException", message=echo)
    yield "failing", error("InternalErrorException", 500, echo)
    yield "busy", answers(503, echo.encode(), "text/plain")


def _bad_credentials(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    secret = {name: canaries.plant(f"{name} in a bad answer") for name in CREDENTIALS}
    for name in CREDENTIALS:
        some = {key: value for key, value in secret.items() if key != name}
        bad = {"IdentityId": identity_of({}), "Credentials": {**some, name: [secret[name]]}}
        yield f"{name} is a list", answers(200, json.dumps(bad).encode())
