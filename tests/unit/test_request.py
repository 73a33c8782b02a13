"""An event of API Gateway, reduced."""

import base64
from typing import Any

import pytest

from openid_token.errors import InvalidParameterException
from openid_token.http_api import ROUTES
from openid_token.request import read
from tests.builders import Json, arguments, http_event, rest_event

OTHER_KIND = "the event is not from a route of this API"
NO_CONTEXTS: tuple[Any, ...] = (None, {}, {"http": {}}, {"http": {"method": 1}}, [], {"stage": 1})
NO_HEADERS: tuple[Any, ...] = ({"a": 1}, [], "a: b")


def path_of(event: Json) -> str:
    return read(event).route(ROUTES)[1]


@pytest.mark.parametrize(
    ("event", "path"),
    [
        (http_event(path="/me/token"), "/token"),
        (http_event(route="POST /me/token", path="//me/token"), "/me/token"),
        (http_event(route="$default", path="/x"), "/x"),
        (http_event(route="ANY /{proxy+}", path="/me/token"), "/me/token"),
        (http_event(route="$default", path="/s/x", stage="s"), "/x"),
        (rest_event(path="/me/token"), "/token"),
        (rest_event(resource="/me/token", path="/%2Fme/token"), "/me/token"),
        (rest_event(resource="/{proxy+}", path="/me/token"), "/me/token"),
        (rest_event(resource="/{proxy+}", path="/s/x", stage="s"), "/s/x"),
    ],
)
def test_the_route_that_api_gateway_chose_decides(event: Json, path: str) -> None:
    assert path_of(event) == path


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_optional_parts_may_be_missing(event: Json) -> None:
    for name in ("headers", "body", "isBase64Encoded", "routeKey", "resource"):
        event.pop(name, None)
    for name in ("requestId", "stage", "authorizer", "identity"):
        event["requestContext"].pop(name, None)
    request = read(event)

    assert (request.headers, request.body, request.request_context.request_id) == (None, None, "")
    assert not request.is_base64_encoded
    assert path_of(event) == "/token"


@pytest.mark.parametrize(
    "event",
    [
        {"requestContext": {}},
        {"requestContext": {"routeKey": "$connect", "connectionId": "of a WebSocket"}},
        *(http_event() | {"requestContext": context} for context in NO_CONTEXTS),
        http_event() | {"requestContext": {"http": {"method": "x"}, "requestId": "x" * 2049}},
        *(http_event() | {"version": version} for version in ("3.0", "1.0", None)),
        *(http_event() | {"headers": headers} for headers in NO_HEADERS),
        http_event() | {"rawPath": 1},
        http_event() | {"body": {}},
        http_event() | {"isBase64Encoded": "false"},
        http_event() | {"queryStringParameters": "a=b"},
        rest_event() | {"path": None},
        rest_event() | {"httpMethod": None},
        *(rest_event() | {"requestContext": context} for context in NO_CONTEXTS[-2:]),
    ],
)
def test_refuses_events_of_another_kind(event: Json) -> None:
    with pytest.raises(InvalidParameterException, match=f"^{OTHER_KIND}$"):
        read(event)


@pytest.mark.parametrize("make", [http_event, rest_event], ids=["2.0", "1.0"])
@pytest.mark.parametrize(
    "content_type",
    [
        *(None, "", "application/json; charset=utf-8", "application/json;charset=UTF-8"),
        " Application/JSON ",
    ],
)
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
def test_reads_a_json_body(make: Any, content_type: str | None, encoded: bool) -> None:
    headers = {"content-type": content_type, "Content-Type": content_type}

    assert read(make(headers=headers, encoded=encoded)).json() == arguments()
    assert read(make(encoded=encoded) | {"headers": None}).json() == arguments()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json2", ";", "*/*"],
)
def test_refuses_another_content_type(content_type: str) -> None:
    with pytest.raises(
        InvalidParameterException, match=r"^the content type must be application/json$"
    ) as raised:
        read(rest_event() | {"headers": {"Content-TYPE": content_type}}).json()

    assert raised.value.status == 415


NO_JSON: tuple[str | None, ...] = (
    *(None, "", "{", "{} {}", "{'a': 1}", '{"a": NaN}', "a=b", '"\ud800"', r'"\ud800"'),
    *("[" * 1_000_000, '{"a":' * 1_000_000),
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        *((body, "the body must be JSON") for body in NO_JSON),
        *((body, "the body must be a JSON object") for body in ("[]", "null", '"{}"', "1")),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_refuses_a_body_that_is_no_json_object(body: str | None, message: str) -> None:
    with pytest.raises(InvalidParameterException) as raised:
        read(http_event(body)).json()

    assert (str(raised.value), raised.value.status) == (message, 400)


@pytest.mark.parametrize(
    "body",
    [
        *("{}", "e30", "é===", "e3\n0="),
        *(base64.b64encode(raw).decode() for raw in (b"\xff{}", "{}".encode("utf-16"))),
    ],
    ids=["not encoded", "no padding", "beyond ASCII", "a newline", "no UTF-8", "UTF-16"],
)
def test_refuses_a_body_that_is_not_encoded_as_said(body: str) -> None:
    with pytest.raises(InvalidParameterException, match=r"^the body must be JSON$"):
        read(http_event() | {"body": body, "isBase64Encoded": True}).json()
