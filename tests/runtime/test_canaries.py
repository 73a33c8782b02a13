"""A secret that is planted in any place of an input, or of Cognito's answers, is in no log, metric
or refusal: at every log level, with all that a deployment can switch on."""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import pytest

from tests.kit.acts import (
    CREDENTIALS,
    Act,
    Reply,
    answers,
    at_exchange,
    identity_of,
    refuses,
    serves,
)
from tests.kit.builders import (
    EVENTS,
    PROVIDER,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    jwt,
    rest_event,
    sample,
    user_http_event,
    user_rest_event,
)
from tests.kit.built import overlaid
from tests.kit.doors import BACKEND_DOORS, ERRORS, Emitted
from tests.kit.runtime import ask, deployed
from tests.runtime import sites
from tests.runtime.handlers import leaky


def _level(name: str) -> dict[str, str]:
    return dict.fromkeys(("AWS_LAMBDA_LOG_LEVEL", "POWERTOOLS_LOG_LEVEL"), name)


_CAPTURE: Final = {"POWERTOOLS_LOGGER_LOG_EVENT": "true"}
_DEVELOPER: Final = {"POWERTOOLS_DEBUG": "true", "POWERTOOLS_DEV": "true"}
VARIANTS: Final[Mapping[str, Mapping[str, str]]] = {
    "INFO, as deployed": {},
    "DEBUG, everything on": _level("DEBUG") | _CAPTURE | _DEVELOPER,
    "WARNING, plain text": _level("WARN") | _CAPTURE | {"AWS_LAMBDA_LOG_FORMAT": "Text"},
    "ERROR": _level("ERROR") | _CAPTURE,
}
HEADERS: Final = [
    *("authorization", "cookie", "x-api-key", "user-agent", "referer", "x-amzn-trace-id"),
]
OF_BACKENDS, OF_USERS = ("login value", "tag value"), ("login claim", "tag claim")
OF_CALLS: Final = (*OF_BACKENDS, *OF_USERS, "token")
REFUSALS: Final = (
    *("DeveloperUserAlreadyRegisteredException", "InvalidParameterException"),
    *("NotAuthorizedException", "ResourceConflictException", "ResourceNotFoundException"),
    *("ExternalServiceException", "InvalidIdentityPoolConfigurationException"),
    "AccessDeniedException",
)
pytestmark = pytest.mark.timeout(300)


class Canaries(dict[str, str]):
    """The marks that were planted, by where."""

    def plant(self, where: str) -> str:
        """A secret value."""
        return f"canary-{self.setdefault(where, secrets.token_hex(16))}"

    def found(self, text: str) -> list[str]:
        """The places whose secrets the text holds: whole, in part, in any case, or inside something
        that was encoded as base64."""
        text = text.lower()
        return [where for where, mark in self.items() if any(f in text for f in _forms(mark))]


def _forms(mark: str) -> Iterator[str]:
    yield from (mark[i : i + 12] for i in range(len(mark) - 11))
    # At each of three offsets, without what its neighbours decide.
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + mark.encode()).decode().rstrip("=")
        yield encoded[4 if offset else 0 : -2].lower()


def requests(canaries: Canaries) -> Iterator[tuple[str, Any]]:
    """Good ones, with a secret wherever a door has a place for one."""
    plant = canaries.plant
    tags = {"tenant": plant("tag value")}
    given = arguments(logins={PROVIDER: plant("login value")}, principal_tags=tags)
    claims = {"sub": plant("login claim"), "email": plant("other claim")}
    claims["custom:department"] = plant("tag claim")
    sent: Json = {"headers": {name: plant(f"header {name}") for name in HEADERS}}
    query = {"rawQueryString": plant("query"), "queryStringParameters": {"a": plant("query")}}
    yield from ((name, door(given)) for name, door in BACKEND_DOORS.items())
    yield "base64", http_event(given, encoded=True)
    yield "http api, headers", http_event(given, **sent) | query
    yield "rest api, headers", rest_event(given, **sent) | query
    yield "user http api", user_http_event(authorizer=jwt(**claims), **sent) | query
    yield "user rest api", user_rest_event(claims=claims, **sent)
    yield "user credentials", credentials_http_event(authorizer=jwt(**claims), **sent)


def anywhere(canaries: Canaries) -> Iterator[tuple[str, Any]]:
    """Each sample with a secret in place of each of its values in turn, and what else is bad."""
    plant = canaries.plant
    for name in sorted(path.stem for path in EVENTS.glob("*.json")):
        event, secret = sample(name), plant(name)
        for changed in _planted(event, secret):
            yield name, changed
        for body in _planted(json.loads(event.get("body") or "null"), secret):
            text = json.dumps(body)
            yield from ((f"{name}, body", {**event, "body": b}) for b in (text, text[:-1]))
    yield "unknown name", arguments(**{f"{plant('unknown name')} !": plant("its value")})
    yield "half a character", arguments(logins={PROVIDER: plant("login, half") + "\ud800"})
    yield "tag too long", arguments(principal_tags={"t": plant("long tag") * 20})
    yield "flattened claim", user_http_event(authorizer=jwt(sub=f"[{plant('flattened claim')}]"))
    for make in (http_event, rest_event, user_http_event, user_rest_event, credentials_http_event):
        path = f"/{plant('path')}"
        rest = make in {rest_event, user_rest_event}
        route: Json = {"resource": path} if rest else {"route": f"POST {path}"}
        yield "no route", make({"a": plant("body without route")}, **route)
        yield "no authorizer", make({"a": plant("unauthorized")}, authorizer={})


def _planted(event: Any, secret: str, place: str = "") -> Iterator[Any]:
    # The record has these two on purpose.
    if event is None or place in {"userArn", "requestId"}:
        return
    yield from (secret, [secret])
    for name, value in event.items() if isinstance(event, dict) else ():
        yield from ({**event, name: changed} for changed in _planted(value, secret, name))


def answered(canaries: Canaries, *own: str) -> Iterator[tuple[str, Act]]:
    """What Cognito may say that repeats what it was given, also each of its `own` values alone,
    or has a secret in the wrong place."""
    plant = canaries.plant
    echo = f"{' and '.join(map(plant, OF_CALLS))} are no good"
    token = plant("token in a bad answer")
    yield from ((name, refuses(name, echo)) for name in REFUSALS)
    yield from ((f"repeats {w}", refuses("NotAuthorizedException", plant(w))) for w in own)
    yield "named after a value", refuses(plant("login value"), echo)
    named = {"__type": [plant("login value")], "message": {token: echo}}
    for what, reply in {
        "of other types": Reply.json(named, 400),
        "HTML": Reply(200, f"<p>{echo}</p>".encode(), {"Content-Type": "text/html"}),
        "array": Reply.json([echo, token]),
        "cut off": Reply(200, f'{{"Token": "{token}'.encode()),
        "no identity": Reply.json({"Token": token}),
        "malformed identity": Reply.json({"IdentityId": token, "Token": token}),
        "token is spaced": Reply.json({"IdentityId": identity_of({}), "Token": f"{token} {echo}"}),
    }.items():
        yield what, answers(reply)


def lasting(canaries: Canaries) -> Iterator[tuple[str, Act]]:
    """What is tried again."""
    echo = " ".join(map(canaries.plant, OF_CALLS))
    yield "throttled", refuses("TooManyRequestsException", echo)
    yield "failing", refuses("InternalErrorException", echo, 500)
    yield "busy", answers(Reply(503, echo.encode()))


def script(canaries: Canaries) -> Iterator[tuple[str, Any, Act]]:
    """What is invoked with which event, and what Cognito does then."""
    secret = {name: canaries.plant(name) for name in ("SecretKey", "SessionToken")}
    good = serves(f"-{canaries.plant('token')}", **secret)
    accepted = dict(requests(canaries))
    for what, event in (*accepted.items(), *anywhere(canaries)):
        yield what, event, good
    for door, event in accepted.items():
        own = OF_USERS if door.startswith("user") else OF_BACKENDS
        yield from ((f"{door}: {what}", event, act) for what, act in answered(canaries, *own))
    yield from ((what, accepted["direct"], act) for what, act in lasting(canaries))
    bad = {name: canaries.plant(f"{name} in a bad answer") for name in CREDENTIALS}
    lists = [(name, serves("", **{**bad, name: [bad[name]]})) for name in bad]
    exchange = accepted["user credentials"]
    for what, act in (*answered(canaries, *OF_USERS, "token"), *lasting(canaries), *lists):
        yield f"exchange: {what}", exchange, at_exchange(act, before=good)


@pytest.fixture(scope="module")
def runs(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Canaries, dict[str, tuple[str | None, str]], str]]:
    """For each variant what was planted, each call's code and refusal, and all that was written."""

    def play(variables: Mapping[str, str], scratch: Path) -> Any:
        canaries, calls = Canaries(), {}
        with (
            sites.reachable(built_package, scratch) as site,
            deployed(site.package, site.url, variables) as environment,
        ):
            for number, (what, event, act) in enumerate(script(canaries)):
                site.cognito.act = act
                outcome = ask(environment, event)
                said = json.dumps([outcome.body, *outcome.headers.items()]) if outcome.code else ""
                calls[f"{number}, {what}"] = outcome.code, said
            return canaries, calls, environment.logs()

    scratch = tmp_path_factory.mktemp("canaries")
    with ThreadPoolExecutor(len(VARIANTS)) as workers:
        played = [workers.submit(play, variables, scratch) for variables in VARIANTS.values()]
    return {name: one.result() for name, one in zip(VARIANTS, played, strict=True)}


@pytest.mark.parametrize("variant", VARIANTS)
def test_none_is_in_the_output_or_in_a_refusal(runs: Any, variant: str) -> None:
    canaries, calls, log = runs[variant]
    assert {code for code, _ in calls.values()} == {None, *(error.__name__ for error in ERRORS)}
    assert len(canaries) > 30
    assert {name for line in Emitted(log).metrics for name in line} >= {
        *("TokensIssued", "RequestsRefused", "CognitoLatency"),
    }
    assert canaries.found(log) == []
    leaks = {what: canaries.found(said) for what, (_, said) in calls.items()}
    assert {what: found for what, found in leaks.items() if found} == {}


def test_a_planted_leak_is_found(built_package: Path, tmp_path: Path) -> None:
    package = overlaid(built_package, tmp_path / "package", Path(leaky.__file__))
    canaries = Canaries()
    with deployed(package, "http://127.0.0.1:9", handler="leaky.handler") as environment:
        for way in leaky.WAYS:
            environment.invoke({"by": way, "text": canaries.plant(way)})

        assert canaries.found(environment.logs()) == [*leaky.WAYS]


@pytest.mark.parametrize(
    "form",
    [
        *(str.upper, lambda text: f"...{text[-14:]}"),
        lambda text: base64.b64encode(f"a body with {text} in it".encode()).decode(),
    ],
)
def test_a_secret_is_found_in_any_form(form: Any) -> None:
    canaries = Canaries()
    canaries.plant("somewhere else")
    assert canaries.found(form(canaries.plant("here"))) == ["here"]
