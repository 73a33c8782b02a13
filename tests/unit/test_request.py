"""An event of API Gateway, reduced."""

import base64
from typing import Any

import pytest

from openid_token.errors import InvalidParameterException
from openid_token.http_api import ROUTES
from openid_token.request import Request1, Request2, read
from tests.builders import Json, arguments, http_event, rest_event, sample

OTHER_KIND = "the event is not from a route of this API"


def path_of(event: Json) -> str:
    return read(event).route(ROUTES)[1]


@pytest.mark.parametrize(
    ("name", "kind", "route", "stage"),
    [
        ("http-api", Request2, ("POST", "/token"), "$default"),
        ("rest-api", Request1, ("POST", "/token"), "prod"),
        ("user-http-api", Request2, ("POST", "/me/token"), "$default"),
        ("user-credentials", Request2, ("GET", "/me/credentials"), "$default"),
    ],
)
def test_reads_the_samples(name: str, kind: type, route: tuple[str, str], stage: str) -> None:
    event = sample(name)
    request = read(event)

    assert type(request) is kind
    assert request.route(ROUTES) == route
    assert request.request_context.stage == stage
    assert request.request_context.request_id == event["requestContext"]["requestId"]
    assert route[0] == "GET" or request.json()["identity_pool_id"]


@pytest.mark.parametrize(
    ("event", "path"),
    [
        pytest.param(http_event(path="/me/token"), "/token", id="2.0, route chosen"),
        pytest.param(
            http_event(route="POST /me/token", path="//me/token"), "/me/token", id="2.0, user's"
        ),
        pytest.param(http_event(route="$default", path="/x"), "/x", id="2.0, default route"),
        pytest.param(
            http_event(route="ANY /{proxy+}", path="/me/token"), "/me/token", id="2.0, catch-all"
        ),
        pytest.param(http_event(route="$default", path="/s/x", stage="s"), "/x", id="2.0, stage"),
        pytest.param(
            http_event(path="/s/x", stage="s"), "/token", id="2.0, route chosen in a stage"
        ),
        pytest.param(rest_event(path="/me/token"), "/token", id="1.0, resource chosen"),
        pytest.param(
            rest_event(resource="/me/token", path="/%2Fme/token"), "/me/token", id="1.0, user's"
        ),
        pytest.param(
            rest_event(resource="/{proxy+}", path="/me/token"), "/me/token", id="1.0, catch-all"
        ),
        pytest.param(
            rest_event(resource="/{proxy+}", path="/s/x", stage="s"), "/s/x", id="1.0, stage"
        ),
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


def broken(event: Json, **changes: Any) -> Json:
    changed = event | changes
    return {name: value for name, value in changed.items() if value is not ...}


@pytest.mark.parametrize(
    "event",
    [
        pytest.param({"requestContext": {}}, id="nothing else"),
        pytest.param(broken(http_event(), requestContext=None), id="null context"),
        pytest.param(broken(http_event(), requestContext={}), id="empty context"),
        pytest.param(broken(http_event(), requestContext={"http": {}}), id="no method"),
        pytest.param(broken(http_event(), version="3.0"), id="another version"),
        pytest.param(broken(http_event(), version=...), id="2.0, no version"),
        pytest.param(broken(http_event(), rawPath=1), id="2.0, path is a number"),
        pytest.param(broken(http_event(), headers={"a": 1}), id="header is a number"),
        pytest.param(broken(http_event(), headers=[]), id="headers are a list"),
        pytest.param(broken(http_event(), body={}), id="body is a map"),
        pytest.param(broken(http_event(), isBase64Encoded="false"), id="encoding is a string"),
        pytest.param(broken(rest_event(), path=...), id="1.0, no path"),
        pytest.param(broken(rest_event(), httpMethod=None), id="1.0, null method"),
        pytest.param(broken(rest_event(), requestContext=[]), id="1.0, context is a list"),
        pytest.param(broken(rest_event(), requestContext={"stage": None}), id="1.0, null stage"),
        pytest.param(
            broken(
                http_event(), requestContext={"http": {"method": "POST"}, "requestId": "x" * 2049}
            ),
            id="request id too long",
        ),
        pytest.param(broken(http_event(), queryStringParameters="a=b"), id="query is a string"),
        pytest.param(
            {"requestContext": {"routeKey": "$connect", "connectionId": "x"}}, id="a WebSocket"
        ),
    ],
)
def test_refuses_events_of_another_kind(event: Json) -> None:
    with pytest.raises(InvalidParameterException, match=f"^{OTHER_KIND}$"):
        read(event)


@pytest.mark.parametrize("make", [http_event, rest_event], ids=["2.0", "1.0"])
@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "application/json",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "Application/JSON",
        " application/json ",
    ],
)
@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "base64"])
def test_reads_a_json_body(make: Any, content_type: str | None, encoded: bool) -> None:
    headers = {"content-type": content_type, "Content-Type": content_type}

    assert read(make(headers=headers, encoded=encoded)).json() == arguments()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json2", ";", "*/*"],
)
def test_refuses_another_content_type(content_type: str) -> None:
    with pytest.raises(InvalidParameterException, match="content type") as raised:
        read(http_event(headers={"content-type": content_type})).json()

    assert raised.value.status == 415


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(None, "the body must be JSON", id="null"),
        pytest.param("", "the body must be JSON", id="empty"),
        pytest.param("{", "the body must be JSON", id="truncated"),
        pytest.param("{} {}", "the body must be JSON", id="two objects"),
        pytest.param("{'a': 1}", "the body must be JSON", id="single quotes"),
        pytest.param('{"a": NaN}', "the body must be JSON", id="not a number"),
        pytest.param("a=b", "the body must be JSON", id="a form"),
        pytest.param('"\ud800"', "the body must be JSON", id="lone surrogate"),
        pytest.param(r'"\ud800"', "the body must be JSON", id="lone surrogate, escaped"),
        pytest.param("[" * 1_000_000, "the body must be JSON", id="deep list"),
        pytest.param('{"a":' * 1_000_000, "the body must be JSON", id="deep object"),
        pytest.param("[]", "the body must be a JSON object", id="a list"),
        pytest.param("null", "the body must be a JSON object", id="JSON null"),
        pytest.param('"{}"', "the body must be a JSON object", id="a string"),
        pytest.param("1", "the body must be a JSON object", id="a number"),
    ],
)
def test_refuses_a_body_that_is_no_json_object(body: str | None, message: str) -> None:
    with pytest.raises(InvalidParameterException) as raised:
        read(http_event(body)).json()

    assert str(raised.value) == message
    assert raised.value.status == 400


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{}", id="not encoded"),
        pytest.param("e30", id="no padding"),
        pytest.param("é===", id="beyond ASCII"),
        pytest.param("e3\n0=", id="a newline"),
        pytest.param(base64.b64encode(b"\xff{}").decode(), id="no UTF-8"),
        pytest.param(base64.b64encode("{}".encode("utf-16")).decode(), id="UTF-16"),
    ],
)
def test_refuses_a_body_that_is_not_encoded_as_said(body: str) -> None:
    with pytest.raises(InvalidParameterException, match=r"^the body must be JSON$"):
        read(http_event() | {"body": body, "isBase64Encoded": True}).json()
