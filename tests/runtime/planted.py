"""Events with a canary in every position that an input has."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.builders import (
    OTHER_POOL,
    POOL,
    PROVIDER,
    Json,
    arguments,
    credentials_http_event,
    credentials_rest_event,
    http_event,
    jwt,
    rest_event,
    user_http_event,
    user_rest_event,
)
from tests.doors import BACKEND_DOORS, CREDENTIALS_DOORS, HTTP_DOORS, USER_DOORS
from tests.runtime.canaries import Canaries

type Plant = Callable[[str], str]
type Door = Callable[[Any], Any]

BACKENDS: Final[Mapping[str, Door]] = {
    **BACKEND_DOORS,
    "http api, base64": lambda given: http_event(given, encoded=True),
}
HTTP: Final[Mapping[str, Callable[..., Json]]] = {
    **HTTP_DOORS,
    **{f"user {name}": event for name, event in USER_DOORS.items()},
    **{f"user {name}, credentials": event for name, event in CREDENTIALS_DOORS.items()},
}


def good(canaries: Canaries) -> Json:
    """Arguments that nothing is wrong with."""
    tags = {"tenant": canaries.plant("tag value")}
    return arguments(logins={PROVIDER: canaries.plant("login value")}, principal_tags=tags)


def accepted(canaries: Canaries) -> Iterator[tuple[str, Any]]:
    """Requests for which Cognito is called, by door."""
    for name, door in BACKENDS.items():
        yield name, door(good(canaries))
    plant = canaries.plant
    claims = {"sub": plant("login claim"), "email": plant("other claim")}
    claims["custom:department"] = plant("tag claim")
    noise = _noise(canaries)
    yield "user http api", user_http_event(authorizer=jwt(**claims), headers=noise) | _query(plant)
    yield "user rest api", user_rest_event(authorizer={"claims": claims}, headers=noise)
    yield "user credentials", credentials_http_event(authorizer=jwt(**claims), headers=noise)
    yield "user rest credentials", credentials_rest_event(authorizer={"claims": claims})
    yield "http api, headers", http_event(good(canaries), headers=noise) | _query(plant)
    yield "rest api, headers", rest_event(good(canaries), headers=noise) | _query(plant)


def refused(canaries: Canaries) -> Iterator[tuple[str, Any]]:
    """Requests that never get to Cognito."""
    for what, given in _wrong_arguments(canaries):
        for name, door in BACKENDS.items():
            yield f"{name}: {what}", door(given)
    for name, event in HTTP.items():
        for what, body in _wrong_bodies(canaries.plant).items():
            yield f"{name}: {what}", event(body)
        yield from _wrong_requests(name, event, canaries.plant)
    yield from _wrong_events(canaries.plant)
    taken = {"identity_pool_id": POOL, "logins": {PROVIDER: canaries.plant("login of a user")}}
    yield "user http api: logins", user_http_event(taken)
    far = canaries.plant("claim of wrong type").split()
    for what, authorizer in {
        "claim": jwt(sub=far),
        "tag claim": jwt(**{"custom:department": far}),
        "flattened claim": jwt(sub=f"[{far[0]}]"),
        "authorizer of another kind": {"lambda": {"sub": far}},
    }.items():
        yield f"user http api: {what}", user_http_event(authorizer=authorizer)
        yield f"user credentials: {what}", credentials_http_event(authorizer=authorizer)
    yield "user credentials: query", credentials_http_event() | _query(canaries.plant)


def _wrong_arguments(canaries: Canaries) -> Iterator[tuple[str, Json]]:
    plant, fine = canaries.plant, good(canaries)
    yield "other pool", {**fine, "identity_pool_id": OTHER_POOL}
    yield "malformed identity", {**fine, "identity_id": plant("identity")}
    yield "logins are text", {**fine, "logins": plant("logins as text")}
    yield "login is a list", {**fine, "logins": {PROVIDER: [plant("login in a list")]}}
    yield "half a character", {**fine, "logins": {PROVIDER: plant("login, half") + "\ud800"}}
    yield "tag too long", {**fine, "principal_tags": {"t": plant("long tag") * 20}}
    yield "duration is text", {**fine, "token_duration": plant("duration")}
    yield "unknown, deep", {**fine, "x": [{"y": plant("unknown argument, deep")}]}
    yield "no name", {**fine, f"{plant('unknown name')} !": 1}
    yield "execution", {**fine, "execution_id": plant("execution")}


def _wrong_bodies(plant: Plant) -> Mapping[str, Any]:
    return {
        "body is no JSON": f"logins={plant('body, no JSON')}",
        "body is cut off": json.dumps({"logins": {PROVIDER: plant("body, cut off")}})[:-2],
        "body is a list": [plant("body, a list")],
        "body is text": json.dumps(plant("body, text")),
    }


def _wrong_requests(
    name: str, event: Callable[..., Json], plant: Plant
) -> Iterator[tuple[str, Json]]:
    form = {"content-type": "application/x-www-form-urlencoded"}
    both = {**form, "Content-Type": form["content-type"]}
    yield f"{name}: form", event(f"a={plant('form')}", headers=both)
    yield f"{name}: no authorizer", event({"a": plant("unauthorized")}, authorizer={})
    bad = event({"a": 1}) | {"isBase64Encoded": True, "body": plant("body, no base64") + "!"}
    yield f"{name}: no base64", bad
    path = f"/{plant('path')}"
    route = {"resource": path} if "rest" in name else {"route": f"POST {path}"}
    yield f"{name}: no route", event({"a": plant("body without route")}, **route)
    yield f"{name}: method", event({"a": plant("body of PUT")}, method="PUT")


def _wrong_events(plant: Plant) -> Iterator[tuple[str, Any]]:
    yield "event is a list", [plant("event, list")]
    yield "event of another kind", {"Records": [{"body": plant("record")}]}
    yield "context is text", {"requestContext": plant("context, text")}
    yield "version is wrong", {"version": plant("version"), "requestContext": {}}


def _noise(canaries: Canaries) -> dict[str, str | None]:
    names = ("authorization", "cookie", "x-api-key", "user-agent", "referer", "x-amzn-trace-id")
    return {name: canaries.plant(f"header {name}") for name in names}


def _query(plant: Plant) -> Json:
    value = plant("query")
    return {"rawQueryString": f"a={value}", "queryStringParameters": {"a": value}}
