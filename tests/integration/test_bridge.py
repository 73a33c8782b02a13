"""The local HTTP bridge does what the deployed HTTP API would."""

import base64
import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPConnection
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tools.local.gateway import server
from tools.local.gateway.bridge import Application, bridge
from tools.local.gateway.event import CALLER
from tools.local.jwt_issuer import signing as issuer
from tools.local.jwt_issuer.signing import Issuer
from tools.local.runtime.environment import Answer, EmulationError, TimedOutError
from tools.local.runtime.sharing import shared

OK = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": "{}"}
ORIGIN = "https://shop.example.com"


class Recording:
    """An environment that notes its events and answers the same each time."""

    pid = 0
    init_milliseconds = None

    def __init__(self, payload: Any = OK, error: Exception | str | None = None) -> None:
        self.payload, self.error = payload, error
        self.events: list[Any] = []
        self.trace_ids: list[str | None] = []

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        self.events.append(event)
        self.trace_ids.append(trace_id)
        if isinstance(self.error, Exception):
            raise self.error
        return Answer(self.payload, self.error, self.error, 1.0)

    def logs(self) -> str:
        return ""


@pytest.fixture(scope="module")
def known() -> Issuer:
    return issuer.create("http://127.0.0.1:3000/issuer")


@pytest.fixture
def function() -> Recording:
    return Recording()


type Ask = Callable[..., TestResponse]


@pytest.fixture
def ask(function: Recording, known: Issuer) -> Iterator[Ask]:
    with shared([function]) as invoke:
        client = Client(bridge(invoke, jwt_issuer=known, origins=[ORIGIN]), use_cookies=False)

        def ask(method: str, path: str, **options: Any) -> TestResponse:
            return client.open(path, method=method, base_url="http://127.0.0.1:3000", **options)

        yield ask


def test_writes_the_event_as_api_gateway_does(ask: Ask, function: Recording) -> None:
    response = ask(
        "POST",
        "/token?a=1&b=%C3%A4&a=2&c=",
        data='{"x": "ü"}'.encode(),
        headers=[
            ("Content-Type", "application/json; charset=utf-8"),
            ("Cookie", "one=1; two=2"),
            ("User-Agent", "probe/1"),
            ("X-Custom", "first"),
            ("X-Amzn-Trace-Id", "Root=1-a-b"),
        ],
    )

    [event] = function.events
    context = event["requestContext"]
    assert abs(context.pop("timeEpoch") / 1000 - time.time()) < 60
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context.pop("time"))
    assert context.pop("requestId") == response.headers["apigw-requestid"]
    assert function.trace_ids == ["Root=1-a-b"]
    assert event == {
        "version": "2.0",
        "routeKey": "POST /token",
        "rawPath": "/token",
        "rawQueryString": "a=1&b=%C3%A4&a=2&c=",
        "cookies": ["one=1", "two=2"],
        "headers": {
            "content-length": "11",
            "content-type": "application/json; charset=utf-8",
            "host": "127.0.0.1:3000",
            "user-agent": "probe/1",
            "x-amzn-trace-id": "Root=1-a-b",
            "x-custom": "first",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "3000",
            "x-forwarded-proto": "http",
        },
        "queryStringParameters": {"a": "1,2", "b": "ä", "c": ""},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "authorizer": {"iam": CALLER},
            "domainName": "127.0.0.1:3000",
            "domainPrefix": "127",
            "http": {
                "method": "POST",
                "path": "/token",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "probe/1",
            },
            "routeKey": "POST /token",
            "stage": "$default",
        },
        "body": '{"x": "ü"}',
        "isBase64Encoded": False,
    }


def test_leaves_out_what_a_request_does_not_have(ask: Ask, function: Recording) -> None:
    ask("POST", "/token")

    [event] = function.events
    assert not {"cookies", "queryStringParameters", "body"} & event.keys()
    assert event["isBase64Encoded"] is False
    assert (function.trace_ids[0] or "").startswith("Root=1-")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/octet-stream"}, b"{}"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=b"),
        ({"Content-Type": "application/json"}, b"\xff\xfe"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}"),
    ],
)
def test_encodes_bodies_that_are_not_text(
    ask: Ask, function: Recording, headers: dict[str, str], body: bytes
) -> None:
    ask("POST", "/token", data=body, headers=headers)

    [event] = function.events
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/token"),
        ("OPTIONS", "/token"),
        ("POST", "/"),
        ("POST", "/token/"),
        ("POST", "//token"),
        ("POST", "/prod/token"),
        ("POST", "/me//token"),
        ("POST", "/TOKEN"),
        ("GET", "/issuer/token"),
    ],
)
def test_other_routes_are_not_found(ask: Ask, function: Recording, method: str, path: str) -> None:
    response = ask(method, path)

    assert (response.status_code, response.data) == (404, b'{"message":"Not Found"}')
    assert response.headers["content-type"] == "application/json"
    assert not function.events


def test_names_that_are_not_this_machines_are_refused(ask: Ask, function: Recording) -> None:
    response = ask("POST", "/token", headers={"Host": "evil.example"})

    assert (response.status_code, response.data) == (403, b'{"message":"Forbidden"}')
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
    ("payload", "status", "headers", "body"),
    [
        (
            {"statusCode": 201, "headers": {"X-A": "1"}, "body": "hi", "cookies": ["a=1", "b=2"]},
            201,
            [("x-a", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")],
            b"hi",
        ),
        (
            {
                "statusCode": "400",
                "headers": {"x-a": "0"},
                "multiValueHeaders": {"X-A": ["1", "2"]},
                "body": "AP8=",
                "isBase64Encoded": True,
            },
            400,
            [("x-a", "1"), ("x-a", "2")],
            b"\x00\xff",
        ),
        ({"statusCode": 204}, 204, [], b""),
        ({"answer": 42}, 200, [("content-type", "application/json")], b'{"answer":42}'),
        ("text", 200, [("content-type", "application/json")], b"text"),
    ],
)
def test_turns_answers_into_responses(
    ask: Ask,
    function: Recording,
    payload: Any,
    status: int,
    headers: list[tuple[str, str]],
    body: bytes,
) -> None:
    function.payload = payload

    response = ask("POST", "/token")

    given = [(name.lower(), value) for name, value in response.headers]
    assert (response.status_code, response.data) == (status, body)
    assert [pair for pair in given if pair in headers] == headers
    assert [name for name, _ in given].count("x-a") == [name for name, _ in headers].count("x-a")


@pytest.mark.parametrize(
    "payload",
    [
        {"statusCode": "soon"},
        {"statusCode": 99},
        {"statusCode": None},
        {"statusCode": 200, "body": {"not": "text"}},
        {"statusCode": 200, "body": "%", "isBase64Encoded": True},
        {"statusCode": 200, "headers": ["x"]},
        {"statusCode": 200, "headers": {"x": {}}},
        {"statusCode": 200, "multiValueHeaders": {"x": "y"}},
        {"statusCode": 200, "cookies": "a=b"},
    ],
)
def test_a_malformed_answer_is_an_internal_error(
    ask: Ask, function: Recording, payload: Any
) -> None:
    function.payload = payload

    response = ask("POST", "/token")

    assert response.status_code == 500
    assert response.data == b'{"message":"Internal Server Error"}'


@pytest.mark.parametrize(
    "error",
    ["InternalFailure", TimedOutError("Task timed out"), EmulationError("x"), ValueError("bug")],
)
def test_a_failing_function_is_an_internal_error(
    ask: Ask, function: Recording, error: Exception | str
) -> None:
    function.error = error

    response = ask("POST", "/token")

    assert response.status_code == 500
    assert response.data == b'{"message":"Internal Server Error"}'


def test_no_answer_within_the_limit_is_unavailable() -> None:
    class Stuck(Recording):
        released = threading.Event()

        def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
            self.released.wait(10)
            return super().invoke(event, trace_id=trace_id)

    stuck = Stuck()
    with shared([stuck]) as invoke:
        client = Client(bridge(invoke, limit_seconds=0.01))
        response = client.post("/token", base_url="http://localhost")
        stuck.released.set()

        assert (response.status_code, response.data) == (503, b'{"message":"Service Unavailable"}')
        assert invoke({}, "", 10).error_type is None


def test_a_request_waits_for_a_free_environment() -> None:
    busy = threading.Semaphore(2)

    class Exclusive(Recording):
        def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
            assert busy.acquire(blocking=False)
            answer = super().invoke(event, trace_id=trace_id)
            busy.release()
            return answer

    environments = [Exclusive(), Exclusive()]
    with shared(environments) as invoke:
        threads = [threading.Thread(target=invoke, args=(n, "", 10)) for n in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert sorted(environments[0].events + environments[1].events) == list(range(50))


def test_answers_preflights_itself(ask: Ask, function: Recording) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    response = ask("OPTIONS", "/me/token", headers=headers)

    assert (response.status_code, response.data) == (204, b"")
    assert {n: v for n, v in response.headers if n.startswith("access-control-")} == {
        "access-control-allow-origin": ORIGIN,
        "access-control-allow-methods": "POST,OPTIONS",
        "access-control-allow-headers": "authorization,content-type",
        "access-control-max-age": "3600",
    }
    assert not function.events


def test_puts_its_own_cors_headers_in_the_place_of_the_functions(
    ask: Ask, function: Recording
) -> None:
    function.payload = {**OK, "headers": {"Access-Control-Allow-Origin": "*"}}

    allowed = ask("POST", "/token", headers={"Origin": ORIGIN})
    other = ask("POST", "/token", headers={"Origin": "https://evil.example"})
    preflight = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    refused = ask("OPTIONS", "/token", headers=preflight)

    assert allowed.headers.getlist("access-control-allow-origin") == [ORIGIN]
    assert "access-control-allow-origin" not in other.headers
    assert refused.status_code == 204
    assert not [name for name, _ in refused.headers if name.startswith("access-control-")]


def test_a_verified_token_puts_its_claims_into_the_event(
    ask: Ask, function: Recording, known: Issuer
) -> None:
    claims = {
        "aud": ["other", known.audience],
        "groups": ["a", "b"],
        "admin": True,
        "nested": {"k": 1},
        "n": 1.5,
    }
    token = _token(known, **claims)

    response = ask("POST", "/me/token", headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 200
    [event] = function.events
    assert event["routeKey"] == "POST /me/token"
    authorizer = event["requestContext"]["authorizer"]
    exp = authorizer["jwt"]["claims"].pop("exp")
    assert exp.isdigit()
    assert authorizer == {
        "jwt": {
            "claims": {
                "iss": known.url,
                "sub": "user-123",
                "aud": f"[other {known.audience}]",
                "groups": "[a b]",
                "admin": "true",
                "nested": "map[k:1]",
                "n": "1.5",
            },
            "scopes": None,
        }
    }


def _token(known: Issuer, **changes: Any) -> str:
    claims = {
        "iss": known.url,
        "aud": known.audience,
        "sub": "user-123",
        "exp": int(time.time()) + 60,
        **changes,
    }
    return issuer.sign(known, {name: value for name, value in claims.items() if value is not None})


def _unsigned(known: Issuer) -> str:
    _, payload, _ = _token(known).split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    return f"{none}.{payload}."


def _signed_with_the_public_key(known: Issuer) -> str:
    """By hand, because joserfc makes no key of a public key for this."""
    claims = {"iss": known.url, "aud": known.audience, "sub": "x", "exp": int(time.time()) + 60}
    parts = ({"alg": "HS256", "kid": known.key.kid}, claims)
    signed = b".".join(_base64url(json.dumps(part).encode()) for part in parts)
    mac = hmac.digest(known.key.as_pem(private=False), signed, "sha256")
    return b".".join((signed, _base64url(mac))).decode()


def _base64url(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


REFUSED: Mapping[str, Callable[[Issuer], str | None]] = {
    "no header": lambda _: None,
    "an empty one": lambda _: "",
    "no token": lambda _: "Bearer ",
    "not a JWT": lambda _: "Bearer x.y.z",
    "another scheme": lambda known: f"Basic {_token(known)}",
    "wrong signature": lambda known: f"Bearer {_token(known)[:-8]}AAAAAAAA",
    "another key": lambda known: f"Bearer {_token(issuer.create(known.url))}",
    "alg none": lambda known: f"Bearer {_unsigned(known)}",
    "alg HS256": lambda known: f"Bearer {_signed_with_the_public_key(known)}",
    "wrong issuer": lambda known: f"Bearer {_token(known, iss='https://evil.example')}",
    "no issuer": lambda known: f"Bearer {_token(known, iss=None)}",
    "wrong audience": lambda known: f"Bearer {_token(known, aud='other')}",
    "no audience": lambda known: f"Bearer {_token(known, aud=None)}",
    "client_id beside a wrong aud": lambda known: (
        f"Bearer {_token(known, aud='other', client_id=known.audience)}"
    ),
    "expired": lambda known: f"Bearer {_token(known, exp=int(time.time()) - 60)}",
    "no expiry": lambda known: f"Bearer {_token(known, exp=None)}",
    "expiry is text": lambda known: f"Bearer {_token(known, exp='soon')}",
    "not yet valid": lambda known: f"Bearer {_token(known, nbf=int(time.time()) + 60)}",
    "issued in the future": lambda known: f"Bearer {_token(known, iat=int(time.time()) + 60)}",
}


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("case", REFUSED)
def test_other_tokens_are_unauthorized(
    ask: Ask, function: Recording, known: Issuer, case: str
) -> None:
    header = REFUSED[case](known)

    response = ask("POST", "/me/token", headers={} if header is None else {"Authorization": header})

    assert (response.status_code, response.data) == (401, b'{"message":"Unauthorized"}')
    assert response.headers["www-authenticate"] == "Bearer"
    assert not function.events


def test_a_token_needs_no_scheme_and_client_id_stands_in_for_aud(ask: Ask, known: Issuer) -> None:
    token = _token(known, aud=None, client_id=known.audience)

    assert ask("POST", "/me/token", headers={"Authorization": token}).status_code == 200


def test_without_an_issuer_there_is_no_users_door(function: Recording) -> None:
    with shared([function]) as invoke:
        client = Client(bridge(invoke))
        answers = [client.post("/me/token", base_url="http://localhost"),
                   client.get("/issuer/token?sub=x", base_url="http://localhost")]  # fmt: skip

    assert [answer.status_code for answer in answers] == [404, 404]


def test_the_issuer_publishes_what_its_tokens_need(ask: Ask, known: Issuer) -> None:
    discovery = ask("GET", "/issuer/.well-known/openid-configuration").get_json()
    keys = ask("GET", discovery["jwks_uri"].removeprefix("http://127.0.0.1:3000")).get_json()

    assert discovery["issuer"] == known.url
    assert [key["kid"] for key in keys["keys"]] == [known.key.kid]
    assert not {"d", "p", "q"} & keys["keys"][0].keys()


def test_the_issuer_signs_for_the_asking(ask: Ask, function: Recording, known: Issuer) -> None:
    asked = ask("GET", "/issuer/token?sub=user-123&custom:department=legal&iss=evil&exp=1")
    ask("POST", "/me/token", headers={"Authorization": f"Bearer {asked.text.strip()}"})

    assert asked.headers["cache-control"] == "no-store"
    claims = function.events[0]["requestContext"]["authorizer"]["jwt"]["claims"]
    assert (claims["sub"], claims["custom:department"]) == ("user-123", "legal")
    assert claims["iss"] == known.url


def test_logs_no_path_query_or_header(ask: Ask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    ask("GET", "/issuer/token?sub=canary")
    ask("POST", "/canary", headers={"Authorization": "canary"}, data=b"canary")
    ask("POST", "/token?canary=canary", headers={"X": "canary"}, data=b"canary")

    assert "POST /token: 200" in caplog.text
    assert "canary" not in caplog.text


def test_serves_over_http_without_a_request_log(
    function: Recording, capfd: pytest.CaptureFixture[str]
) -> None:
    with server.opened() as listening, shared([function]) as invoke:
        application: Application = bridge(invoke)
        with server.served(application, listening):
            connection = HTTPConnection(server.LOOPBACK, listening.getsockname()[1], timeout=10)
            connection.putrequest("POST", "/token?canary=1")
            connection.putheader("X-Custom", "first")
            connection.putheader("X-Custom", "second")
            connection.putheader("Content-Length", "2")
            connection.endheaders(b"{}")
            response = connection.getresponse()
            response.read()
            connection.close()

    [event] = function.events
    assert (response.status, event["body"]) == (200, "{}")
    assert event["headers"]["x-custom"] == "first,second"
    assert "canary" not in "".join(capfd.readouterr())


def test_a_busy_port_is_refused() -> None:
    with server.opened() as listening, pytest.raises(OSError, match="in use"):
        server.opened(listening.getsockname()[1])
