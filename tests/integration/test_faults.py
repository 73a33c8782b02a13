"""A Cognito that misbehaves, over real HTTP, and the next healthy call."""

import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from openid_token.cognito import create_client
from openid_token.doors import Handler, create
from tests.builders import IDENTITY, TOKEN, arguments, http_event, settings
from tests.doors import invoke

GOOD = {"IdentityId": IDENTITY, "Token": TOKEN}


def error(name: str, status: int = 400) -> Response:
    return Response(f'{{"__type": "{name}", "message": "The reason."}}', status)


@pytest.fixture
def function(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", httpserver.url_for(""))
    client = create_client("eu-central-1")
    yield create(settings(), client)
    client.close()


FAULTS = {
    "throttled": (error("TooManyRequestsException"), 3, "TooManyRequestsException", 429),
    "throttled in front": (error("ThrottlingException"), 3, "TooManyRequestsException", 429),
    "failing": (error("InternalErrorException", 500), 3, "InternalErrorException", 502),
    "a bad gateway": (Response("<html>", 502), 3, "InternalErrorException", 502),
    "unavailable": (Response("<html>", 503), 3, "ServiceUnavailable", 503),
    "refusing": (error("NotAuthorizedException"), 1, "NotAuthorizedException", 403),
    "without a pool": (error("ResourceNotFoundException"), 1, "ResourceNotFoundException", 404),
    "refusing the role": (error("AccessDeniedException"), 1, "InternalFailure", 500),
    "refusing the clock": (error("InvalidSignatureException"), 1, "InternalFailure", 500),
    "no JSON": (Response("<html>"), 1, "ServiceUnavailable", 503),
    "a JSON array": (Response("[]"), 1, "ServiceUnavailable", 503),
    "no token": (Response("{}"), 1, "ServiceUnavailable", 503),
    "cut off": (Response('{"Token": "ey'), 1, "ServiceUnavailable", 503),
}


@pytest.mark.parametrize(("response", "attempts", "code", "status"), FAULTS.values(), ids=FAULTS)
def test_a_fault_ends_in_its_class_and_the_next_call_succeeds(
    function: Handler,
    httpserver: HTTPServer,
    response: Response,
    attempts: int,
    code: str,
    status: int,
) -> None:
    # Each door asks as often; then the endpoint is well again.
    for _ in range(2 * attempts):
        httpserver.expect_ordered_request("/", "POST").respond_with_response(response)
    httpserver.expect_ordered_request("/", "POST").respond_with_json(GOOD)

    over_http, direct = invoke(function, http_event()), invoke(function, arguments())

    assert (over_http.status, over_http.code) == (status, code)
    assert direct.code == code
    assert invoke(function, arguments()).result is not None
    httpserver.check()


def test_a_throttle_that_ends_is_not_seen(function: Handler, httpserver: HTTPServer) -> None:
    for _ in range(2):
        httpserver.expect_ordered_request("/").respond_with_response(error("ThrottlingException"))
    httpserver.expect_ordered_request("/").respond_with_json(GOOD)

    assert invoke(function, http_event()).status == 200
    httpserver.check()


def unreachable(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", endpoint)
    with closing(create_client("eu-central-1")) as client:
        outcome = invoke(create(settings(), client), http_event())

    assert (outcome.status, outcome.code) == (503, "ServiceUnavailable")
    assert outcome.headers["Retry-After"] == "2"


def test_a_refused_connection_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    unreachable(monkeypatch, f"http://127.0.0.1:{port}")


def test_no_tls_is_unavailable(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    unreachable(monkeypatch, f"https://127.0.0.1:{httpserver.port}")


def test_the_deadline_ends_an_answer_that_never_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    from openid_token.arguments import parse
    from openid_token.errors import ServiceUnavailable
    from openid_token.issuer import issue

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", url)
        with (
            closing(create_client("eu-central-1")) as client,
            pytest.raises(ServiceUnavailable, match="in time"),
        ):
            issue(client, parse(arguments()), deadline_seconds=0.1)
