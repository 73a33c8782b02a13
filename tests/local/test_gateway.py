"""The local gateway answers as the deployed HTTP API would."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest
import urllib3

from tests.local.conftest import Ask
from tools.environment import Answer, EmulationError, TimedOutError
from tools.local import sharing
from tools.local.sharing import shared
from tools.local.web import server
from tools.local.web.server import Application


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
def test_other_routes_are_not_found(ask: Ask, function: Mock, method: str, path: str) -> None:
    response = ask(method, path)

    assert (response.status_code, response.data) == (404, b'{"message":"Not Found"}')
    assert response.headers["content-type"] == "application/json"
    function.assert_not_called()


def test_a_large_body_is_refused(ask: Ask, function: Mock) -> None:
    limit = 10 * 1024 * 1024
    headers = {"Content-Type": "text/plain"}

    assert ask("POST", "/token", data=b"x" * limit, headers=headers).status_code == 200
    response = ask("POST", "/token", data=b"x" * (limit + 1), headers=headers)

    assert response.status_code == 413
    assert response.data == b'{"message":"Request Entity Too Large"}'
    function.assert_called_once()


@pytest.mark.parametrize(
    ("payload", "status", "kind", "body"),
    [
        ({"statusCode": 201, "headers": {"Content-Type": "a/b"}, "body": "hi"}, 201, "a/b", b"hi"),
        ({"answer": 42}, 200, "application/json", b'{"answer":42}'),
        ("text", 200, "application/json", b'"text"'),
    ],
)
def test_turns_answers_into_responses(
    ask: Ask, function: Mock, payload: Any, status: int, kind: str, body: bytes
) -> None:
    function.return_value = Answer(payload)
    response = ask("POST", "/token")

    assert (response.status_code, response.data) == (status, body)
    assert response.headers.getlist("content-type") == [kind]


@pytest.mark.parametrize(
    "answer",
    [
        *({"headers": {}, "body": "", "statusCode": status} for status in ("soon", 99, None)),
        {"statusCode": 200, "headers": {}, "body": {"not": "text"}},
        {"statusCode": 200, "headers": {}, "body": "AA==", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["x"], "body": ""},
        {"statusCode": 200, "headers": {"x": {}}, "body": ""},
        TimedOutError("Task timed out"),
        EmulationError("x"),
        ValueError("bug"),
        Answer({}, "InternalFailure", "It failed"),
    ],
)
def test_a_malformed_answer_and_a_failing_function_are_internal_errors(
    ask: Ask, function: Mock, answer: Any
) -> None:
    function.side_effect = [Answer(answer) if isinstance(answer, dict) else answer]
    response = ask("POST", "/token")

    assert response.status_code == 500
    assert response.data == b'{"message":"Internal Server Error"}'


def test_no_answer_within_the_limit_is_unavailable(
    ask: Ask, function: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    released = threading.Event()
    stuck = Mock(invoke=lambda event, trace_id: released.wait(60))
    with shared([stuck]) as invoke:
        monkeypatch.setattr(sharing, "LIMIT_SECONDS", 0.01)
        function.side_effect = invoke
        response = ask("POST", "/token")
        monkeypatch.undo()
        released.set()

        assert (response.status_code, response.data) == (503, b'{"message":"Service Unavailable"}')
        assert invoke({}, "")


def test_a_request_waits_for_a_free_environment() -> None:
    busy, events = threading.Semaphore(2), []

    def exclusive(event: int, trace_id: str) -> None:
        assert busy.acquire(blocking=False)
        events.append(event)
        busy.release()

    environments = [Mock(invoke=exclusive), Mock(invoke=exclusive)]
    with shared(environments) as invoke, ThreadPoolExecutor(50) as callers:
        list(callers.map(lambda n: invoke(n, ""), range(50)))

    assert sorted(events) == list(range(50))


def test_logs_no_path_query_or_header(
    function: Mock, gateway: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "tools.local")
    caplog.set_level(logging.DEBUG, "werkzeug")
    with server.serving(gateway) as url:
        urllib3.request("GET", f"{url}/issuer/token?sub=canary")
        urllib3.request("POST", f"{url}/canary", headers={"Authorization": "canary"})
        urllib3.request("POST", f"{url}/token?canary=1", body="canary", headers={"X": "canary"})

    function.assert_called_once()
    assert "POST /token: 200" in caplog.text
    assert "canary" not in caplog.text
