"""What `make run` shows: each sample, a refusal, and the users' doors through HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from tools.local.commands import samples
from tools.local.commands.stack import Stack
from tools.local.commands.unmodified_sdk import who_am_i
from tools.local.gateway import server
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer import pages as issuer_pages
from tools.local.jwt_issuer import signing
from tools.local.runtime.sharing import shared

_TITLES = {
    "direct": "direct invoke",
    "http-api": "HTTP API, POST /token",
    "rest-api": "REST API, POST /token",
    "step-functions": "Step Functions task",
    "user-http-api": "HTTP API, POST /me/token, as a signed-in user",
    "user-credentials": "HTTP API, GET /me/credentials, as a signed-in user's AWS SDK",
}
_USER = "user-4711"

type _Problem = Callable[[Any], str | None]


@dataclass(frozen=True)
class Step:
    """One payload: `problem` is what was unexpected about it, `expected` what it shows."""

    title: str
    payload: Any = field(repr=False)
    expected: str
    problem: str | None


def steps(stack: Stack) -> Iterator[Step]:
    """Each step when its payload is there."""
    environment = stack.environments[0]
    for name, event in samples.each(stack.cognito):
        title = f"events/{name}.json: {_TITLES.get(name, name)}"
        of_credentials = name == "user-credentials"
        expected = "credentials, as expected" if of_credentials else "a token, as expected"
        problem = _no_credentials if of_credentials else _no_token
        yield _step(title, environment.invoke(event).payload, expected, problem)
    yield _step(
        "a request that breaks two rules: HTTP API, POST /token",
        environment.invoke(_wrong(stack)).payload,
        "refused, as expected",
        lambda payload: _not_refused(payload, 400, "InvalidParameterException"),
    )
    yield from _users_doors(stack)


def _step(title: str, payload: Any, expected: str, problem: _Problem) -> Step:
    return Step(title, payload, expected, problem(payload))


def _wrong(stack: Stack) -> Any:
    event = samples.load(samples.DIRECTORY / "http-api.json", stack.cognito)
    body = json.loads(event["body"])
    body |= {"token_duration": 86401, "princpal_tags": body.pop("principal_tags")}
    return {**event, "body": json.dumps(body)}


def _users_doors(stack: Stack) -> Iterator[Step]:
    """Over real HTTP, with a JWT that the gateway verifies."""
    body = {"identity_pool_id": stack.cognito.identity_pool_id}
    stolen = {**body, "logins": {stack.cognito.developer_provider_name: "user-0815"}}
    with server.opened() as listening, shared(stack.environments) as invoke:
        url = server.url_of(listening)
        jwt_issuer = signing.create(f"{url}{issuer_pages.PREFIX}")
        jwt = signing.signed(jwt_issuer, _USER, {"custom:department": "legal"})
        with server.served(bridge(invoke, jwt_issuer=jwt_issuer), listening):
            port = listening.getsockname()[1]
            yield _step(
                "POST /me/token over HTTP, with a signed JWT",
                _post(port, jwt, body),
                "a token for the user whom the JWT names, as expected",
                _no_token,
            )
            yield _step(
                "POST /me/token over HTTP, with someone else's login in the body",
                _post(port, jwt, stolen),
                "refused, as expected",
                lambda payload: _not_refused(payload, 403, "AccessDeniedException"),
            )
            yield _step(
                "boto3, told nothing but AWS_CONTAINER_CREDENTIALS_FULL_URI and _TOKEN_FILE",
                who_am_i(url, jwt, stack.cognito),
                "it found its credentials, and AWS knows it by them, as expected",
                lambda payload: None if "Arn" in payload else "it got no credentials",
            )


def _post(port: int, jwt: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {jwt}", "content-type": "application/json"}
    connection = HTTPConnection(server.LOOPBACK, port, timeout=60)
    try:
        connection.request("POST", "/me/token", json.dumps(body), headers)
        response = connection.getresponse()
        return {"statusCode": response.status, "body": response.read().decode()}
    finally:
        connection.close()


def _no_token(payload: Any) -> str | None:
    return _lacks(payload, "token", "identity_id")


def _no_credentials(payload: Any) -> str | None:
    return _lacks(payload, "AccessKeyId", "SecretAccessKey", "Token", "Expiration")


def _lacks(payload: Any, *names: str) -> str | None:
    status, result = _read(payload)
    if status != 200:
        return f"status {status} instead of 200"
    missing = [name for name in names if not result.get(name)]
    return f"there is no {' and no '.join(missing)} in it" if missing else None


def _not_refused(payload: Any, status: int, code: str) -> str | None:
    given, problem = _read(payload)
    if given != status:
        return f"status {given} instead of {status}"
    return None if problem.get("code") == code else f"the code is not {code}"


def _read(payload: Any) -> tuple[int, dict[str, Any]]:
    """The status, 200 for a payload without HTTP, and the object that it holds."""
    if not isinstance(payload, dict):
        return 200, {}
    if "statusCode" not in payload:
        return 200, payload
    try:
        body = json.loads(payload["body"])
    except ValueError:
        body = None
    return payload["statusCode"], body if isinstance(body, dict) else {}
