"""The local gateway answers as the deployed HTTP API would, and this machine only."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest
from werkzeug.test import Client

from tests.local.conftest import URL, Ask, Recording
from tools.environment import Answer, EmulationError, TimedOutError
from tools.local import sharing
from tools.local.gateway import server
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer.signing import JwtIssuer
from tools.local.sharing import shared


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/token"),
        ("OPTIONS", "/token"),
        ("POST", "/token/"),
        ("POST", "/me//token"),
        ("POST", "/me/credentials"),
        ("POST", "/TOKEN"),
        ("GET", "/issuer/token"),
    ],
)
def test_other_routes_are_not_found(ask: Ask, function: Recording, method: str, path: str) -> None:
    response = ask(method, path)

    assert (response.status_code, response.data) == (404, b'{"message":"Not Found"}')
    assert response.headers["content-type"] == "application/json"
    assert not function.events


def test_a_large_body_is_refused(ask: Ask, function: Recording) -> None:
    limit = 10 * 1024 * 1024
    headers = {"Content-Type": "text/plain"}

    assert ask("POST", "/token", data=b"x" * limit, headers=headers).status_code == 200
    response = ask("POST", "/token", data=b"x" * (limit + 1), headers=headers)

    assert response.status_code == 413
    assert response.data == b'{"message":"Request Entity Too Large"}'
    assert len(function.events) == 1


@pytest.mark.parametrize(
    ("payload", "status", "kind", "body"),
    [
        ({"statusCode": 201, "headers": {"Content-Type": "a/b"}, "body": "hi"}, 201, "a/b", b"hi"),
        ({"answer": 42}, 200, "application/json", b'{"answer":42}'),
        ("text", 200, "application/json", b'"text"'),
    ],
)
def test_turns_answers_into_responses(
    ask: Ask, function: Recording, payload: Any, status: int, kind: str, body: bytes
) -> None:
    function.payload = payload

    response = ask("POST", "/token")

    assert (response.status_code, response.data) == (status, body)
    assert response.headers.getlist("content-type") == [kind]


@pytest.mark.parametrize(
    "payload",
    [
        *({"headers": {}, "body": "", "statusCode": status} for status in ("soon", 99, None)),
        {"statusCode": 200, "headers": {}, "body": {"not": "text"}},
        {"statusCode": 200, "headers": {}, "body": "AA==", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["x"], "body": ""},
        {"statusCode": 200, "headers": {"x": {}}, "body": ""},
        "InternalFailure",
        TimedOutError("Task timed out"),
        EmulationError("x"),
        ValueError("bug"),
    ],
)
def test_a_malformed_answer_and_a_failing_function_are_internal_errors(
    ask: Ask, function: Recording, payload: Any
) -> None:
    if isinstance(payload, dict):
        function.payload = payload
    else:
        function.error = payload

    response = ask("POST", "/token")

    assert response.status_code == 500
    assert response.data == b'{"message":"Internal Server Error"}'


def test_no_answer_within_the_limit_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, jwt_issuer: JwtIssuer
) -> None:
    released = threading.Event()

    class Stuck(Recording):
        def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
            released.wait(60)
            return super().invoke(event, trace_id=trace_id)

    with shared([Stuck()]) as invoke:
        monkeypatch.setattr(sharing, "LIMIT_SECONDS", 0.01)
        response = Client(http_api(invoke, by_jwt(jwt_issuer))).post("/token", base_url=URL)
        monkeypatch.undo()
        released.set()

        assert (response.status_code, response.data) == (503, b'{"message":"Service Unavailable"}')
        assert invoke({}, "").error_type is None


def test_a_request_waits_for_a_free_environment() -> None:
    busy = threading.Semaphore(2)

    class Exclusive(Recording):
        def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
            assert busy.acquire(blocking=False)
            answer = super().invoke(event, trace_id=trace_id)
            busy.release()
            return answer

    environments = [Exclusive(), Exclusive()]
    with shared(environments) as invoke, ThreadPoolExecutor(50) as callers:
        list(callers.map(lambda n: invoke(n, ""), range(50)))

    assert sorted(environments[0].events + environments[1].events) == list(range(50))


def test_logs_no_path_query_or_header(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    ask("GET", "/issuer/token?sub=canary")
    ask("POST", "/canary", headers={"Authorization": "canary"}, data=b"canary")
    ask("POST", "/token?canary=canary", headers={"X": "canary"}, data=b"canary")

    assert "POST /token: 200" in caplog.text
    assert "canary" not in caplog.text


def test_serves_over_http_without_a_request_log(
    function: Recording, jwt_issuer: JwtIssuer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with shared([function]) as invoke, server.serving(http_api(invoke, by_jwt(jwt_issuer))) as url:
        asked = Request(f"{url}/token?canary=1", b"{}", {"Content-Type": "application/json"})
        with urlopen(asked) as response:
            assert response.status == 200

    [event] = function.events
    assert event["body"] == "{}"
    assert "canary" not in caplog.text
