"""What `make run` shows: each sample, a refusal, and the users' doors through HTTP."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import urllib3

from tools.local import samples
from tools.local.commands.showing import legible
from tools.local.commands.stack import Stack
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer import registered, sign
from tools.local.sdk import who_am_i
from tools.local.sharing import shared
from tools.local.web import server

_TITLES = {
    "direct": "direct invoke",
    "http-api": "HTTP API, POST /token",
    "rest-api": "REST API, POST /token",
    "step-functions": "Step Functions task",
    "user-http-api": "HTTP API, POST /me/token, as a signed-in user",
    "user-credentials": "HTTP API, GET /me/credentials, as a signed-in user's AWS SDK",
}
_USER = "user-4711"
_TOKEN = ("token", "identity_id")
_CREDENTIALS = ("AccessKeyId", "SecretAccessKey", "Token", "Expiration")


@dataclass(frozen=True)
class Step:
    """One answer, with its status where it came over HTTP, and what was expected of it. A body that
    is no object is left out."""

    title: str
    status: int | None
    body: dict[str, Any] = field(repr=False)
    expected: str
    is_as_expected: bool


def steps(stack: Stack) -> Iterator[Step]:
    """Each step when its payload is there."""
    [worker] = stack.workers
    for path in sorted(samples.DIRECTORY.glob("*.json")):
        event = samples.load(path, stack.cognito, stack.jwt_issuer.url)
        title = f"events/{path.name}: {_TITLES.get(path.stem, path.stem)}"
        is_exchanged = path.stem == "user-credentials"
        expected = ("credentials", _CREDENTIALS) if is_exchanged else ("a token", _TOKEN)
        yield _given(title, worker.invoke(event).payload, *expected)
    title = "a request that breaks two rules: HTTP API, POST /token"
    answer = worker.invoke(_wrong(stack))
    yield _refused(title, answer.payload, 400, "InvalidParameterException")
    yield from _users_doors(stack)


def _wrong(stack: Stack) -> Any:
    event = samples.load(samples.DIRECTORY / "http-api.json", stack.cognito, "")
    body = json.loads(event["body"])
    body |= {"token_duration": 86401, "princpal_tags": body.pop("principal_tags")}
    return {**event, "body": json.dumps(body)}


def _users_doors(stack: Stack) -> Iterator[Step]:
    """Over real HTTP, with a JWT that the gateway verifies."""
    body = {"identity_pool_id": stack.cognito.identity_pool_id}
    stolen = {**body, "logins": {stack.cognito.developer_provider_name: "user-0815"}}
    url, issuer = stack.url, stack.jwt_issuer
    jwt = sign(issuer, {"custom:department": "legal", **registered(issuer, _USER)})
    with (
        shared(stack.workers) as invoke,
        server.served(http_api(invoke, by_jwt(issuer)), stack.listening),
    ):
        title = "POST /me/token over HTTP, with a signed JWT"
        expected = "a token for the user whom the JWT names"
        yield _given(title, _post(url, jwt, body), expected, _TOKEN)
        title = "POST /me/token over HTTP, with someone else's login in the body"
        yield _refused(title, _post(url, jwt, stolen), 403, "AccessDeniedException")
        title = "boto3, told nothing but AWS_CONTAINER_CREDENTIALS_FULL_URI and _TOKEN_FILE"
        expected = "it found its credentials, and AWS knows it by them"
        yield _given(title, who_am_i(url, jwt, stack.cognito), expected, ("Arn",))


def _post(url: str, jwt: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {jwt}"}
    response = urllib3.request(
        "POST", f"{url}/me/token", json=body, headers=headers, retries=False, timeout=60
    )
    return {"statusCode": response.status, "body": response.data.decode()}


def _given(title: str, payload: Any, expected: str, names: tuple[str, ...]) -> Step:
    status, body = _read(payload)
    there = status in {None, 200} and all(body.get(name) for name in names)
    return Step(title, status, body, expected, there)


def _refused(title: str, payload: Any, status: int, code: str) -> Step:
    given, problem = _read(payload)
    refused = (given, problem.get("code")) == (status, code)
    return Step(title, given, problem, f"refused with {status} {code}", refused)


def _read(payload: Any) -> tuple[int | None, dict[str, Any]]:
    match legible(payload):
        case {"statusCode": status, **answer}:
            body = answer.get("body")
        case body:
            status = None
    return status, body if isinstance(body, dict) else {}
