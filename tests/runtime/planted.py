"""Events with a canary in every position that an input has."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from tests.builders import (
    EVENTS,
    ISSUER,
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
from tests.doors import BACKEND_DOORS, HTTP_DOORS, USER_DOORS
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
    "user http api, credentials": credentials_http_event,
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
    yield (
        "user rest api",
        user_rest_event(authorizer={"claims": {"iss": ISSUER} | claims}, headers=noise),
    )
    yield "user credentials", credentials_http_event(authorizer=jwt(**claims), headers=noise)
    yield "http api, headers", http_event(good(canaries), headers=noise) | _query(plant)
    yield "rest api, headers", rest_event(good(canaries), headers=noise) | _query(plant)


def anywhere(canaries: Canaries) -> Iterator[tuple[str, Any]]:
    """Each sample with a secret in place of each of its values in turn, and what else is bad."""
    for path in sorted(EVENTS.glob("*.json")):
        event, secret = sample(path.stem), canaries.plant(path.stem)
        for place, changed in _planted(event, secret):
            yield f"{path.stem}: {place}", changed
        for place, body in _planted(json.loads(event.get("body") or "null"), secret):
            yield f"{path.stem}: body {place}", {**event, "body": json.dumps(body)}
            yield f"{path.stem}: body {place}, cut off", {**event, "body": json.dumps(body)[:-1]}
    plant = canaries.plant
    yield "unknown name", arguments(**{f"{plant('unknown name')} !": plant("its value")})
    yield "half a character", arguments(logins={PROVIDER: plant("login, half") + "\ud800"})
    yield "tag too long", arguments(principal_tags={"t": plant("long tag") * 20})
    yield "flattened claim", user_http_event(authorizer=jwt(sub=f"[{plant('flattened claim')}]"))
    for name, event_of in HTTP.items():
        path_ = f"/{plant('path')}"
        route = {"resource": path_} if "rest" in name else {"route": f"POST {path_}"}
        yield f"{name}: no route", event_of({"a": plant("body without route")}, **route)
        yield f"{name}: no authorizer", event_of({"a": plant("unauthorized")}, authorizer={})


def _planted(event: Any, secret: str, place: str = "") -> Iterator[tuple[str, Any]]:
    # The record has these two on purpose.
    if event is None or place.endswith((".userArn", ".requestId")):
        return
    yield place, secret
    yield f"{place}, a list", [secret]
    for name, value in event.items() if isinstance(event, dict) else ():
        for where, changed in _planted(value, secret, f"{place}.{name}"):
            yield where, {**event, name: changed}


def _noise(canaries: Canaries) -> dict[str, str | None]:
    names = ("authorization", "cookie", "x-api-key", "user-agent", "referer", "x-amzn-trace-id")
    return {name: canaries.plant(f"header {name}") for name in names}


def _query(plant: Plant) -> Json:
    value = plant("query")
    return {"rawQueryString": f"a={value}", "queryStringParameters": {"a": value}}
