"""What `make run` shows: each sample, a refusal, and the user's door through HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from tools.local.commands import samples
from tools.local.commands.stack import Stack
from tools.local.gateway import server
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer import pages as issuer_pages
from tools.local.jwt_issuer import signing as issuer
from tools.local.runtime.sharing import shared

_TITLES = {
    "direct": "direct invoke",
    "http-api": "HTTP API, POST /token",
    "rest-api": "REST API, POST /token",
    "step-functions": "Step Functions task",
    "user-http-api": "HTTP API, POST /me/token, as a signed-in user",
}
_USER = "user-4711"

type _Problem = Callable[[Any], str | None]


@dataclass(frozen=True)
class Step:
    """One answer: `problem` is what was unexpected about it, `expected` what it shows."""

    title: str
    payload: Any = field(repr=False)
    expected: str
    problem: str | None


def steps(stack: Stack) -> Iterator[Step]:
    """Each step when its answer is there."""
    environment = stack.environments[0]
    for name, event in samples.each(stack.cognito):
        title = f"events/{name}.json: {_TITLES.get(name, name)}"
        yield _step(title, environment.invoke(event).payload, "a token, as expected", _no_token)
    yield _step(
        "a request that breaks two rules: HTTP API, POST /token",
        environment.invoke(_wrong(stack)).payload,
        "refused, as expected",
        lambda payload: _not_refused(payload, 400, "InvalidParameterException"),
    )
    yield from _users_door(stack)


def _step(title: str, payload: Any, expected: str, problem: _Problem) -> Step:
    return Step(title, payload, expected, problem(payload))


def _wrong(stack: Stack) -> Any:
    event = samples.load(samples.DIRECTORY / "http-api.json", stack.cognito)
    body = json.loads(event["body"])
    body |= {"token_duration": 86401, "princpal_tags": body.pop("principal_tags")}
    return {**event, "body": json.dumps(body)}


def _users_door(stack: Stack) -> Iterator[Step]:
    """Over real HTTP, with a JWT that the bridge verifies."""
    body = {"identity_pool_id": stack.cognito.identity_pool_id}
    stolen = {**body, "logins": {stack.cognito.developer_provider_name: "user-0815"}}
    with server.opened() as listening, shared(stack.environments) as invoke:
        known = issuer.create(f"{server.url_of(listening)}{issuer_pages.PREFIX}")
        token = issuer.signed(known, _USER, {"custom:department": "legal"})
        with server.served(bridge(invoke, jwt_issuer=known), listening):
            port = listening.getsockname()[1]
            yield _step(
                "POST /me/token over HTTP, with a signed JWT",
                _post(port, token, body),
                "a token for the user whom the JWT names, as expected",
                _no_token,
            )
            yield _step(
                "POST /me/token over HTTP, with someone else's login in the body",
                _post(port, token, stolen),
                "refused, as expected",
                lambda payload: _not_refused(payload, 403, "AccessDeniedException"),
            )


def _post(port: int, token: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    connection = HTTPConnection(server.LOOPBACK, port, timeout=60)
    try:
        connection.request("POST", "/me/token", json.dumps(body), headers)
        response = connection.getresponse()
        return {"statusCode": response.status, "body": response.read().decode()}
    finally:
        connection.close()


def _no_token(payload: Any) -> str | None:
    status, result = _read(payload)
    if status != 200:
        return f"status {status} instead of 200"
    return None if result.get("token") and result.get("identity_id") else "there is no token in it"


def _not_refused(payload: Any, status: int, code: str) -> str | None:
    given, problem = _read(payload)
    if given != status:
        return f"status {given} instead of {status}"
    return None if problem.get("code") == code else f"the code is not {code}"


def _read(payload: Any) -> tuple[int, dict[str, Any]]:
    """The status, 200 for an answer without HTTP, and the object that was answered."""
    if not isinstance(payload, dict):
        return 200, {}
    if "statusCode" not in payload:
        return 200, payload
    try:
        body = json.loads(payload["body"])
    except ValueError:
        body = None
    return payload["statusCode"], body if isinstance(body, dict) else {}
