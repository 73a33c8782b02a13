"""An event of API Gateway, reduced."""

import base64
from typing import Any

import pytest

from openid_token.errors import InvalidParameterException
from openid_token.http_api import ROUTES
from openid_token.request import Request, read
from tests.builders import Json, arguments, http_event, rest_event, sample


def request(event: Json) -> Request:
    return read(event, ROUTES)


@pytest.mark.parametrize(
    ("name", "version", "path", "stage", "request_id"),
    [
        ("http-api", "2.0", "/token", "$default", "BpZlCjM7FiAEPqw="),
        ("rest-api", "1.0", "/token", "prod", "8d0a3c1e-5f7b-4c2d-9e6a-1b2c3d4e5f60"),
        ("user-http-api", "2.0", "/me/token", "$default", "BpZlCjM7FiAEPqw="),
    ],
)
def test_reads_the_samples(name: str, version: str, path: str, stage: str, request_id: str) -> None:
    event = sample(name)
    read_ = request(event)

    assert (read_.version, read_.method, read_.path) == (version, "POST", path)
    assert (read_.stage, read_.request_id) == (stage, request_id)
    assert read_.context == event["requestContext"]
    assert read_.headers["content-type"] == "application/json"
    assert read_.json()["identity_pool_id"]


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
        pytest.param(rest_event(path="/me/token"), "/token", id="1.0, resource chosen"),
        pytest.param(
            rest_event(resource="/me/token", path="/%2Fme/token"), "/me/token", id="1.0, user's"
        ),
        pytest.param(
            rest_event(resource="/{proxy+}", path="/me/token"), "/me/token", id="1.0, catch-all"
        ),
    ],
)
def test_the_route_that_api_gateway_chose_decides(event: Json, path: str) -> None:
    assert request(event).path == path


@pytest.mark.parametrize(
    ("route", "stage"),
    [("POST /token", "$default"), ("$default", "prod")],
    ids=["route chosen", "default route"],
)
def test_a_stage_is_cut_from_a_path_only(route: str, stage: str) -> None:
    assert request(http_event(route=route, stage="prod")).stage == stage


@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_optional_parts_may_be_missing(event: Json) -> None:
    for name in ("headers", "body", "isBase64Encoded"):
        del event[name]
    del event["requestContext"]["requestId"]
    read_ = request(event)

    assert (read_.headers, read_.body, read_.request_id) == ({}, "", "")
    assert not read_.is_base64_encoded


def test_a_header_may_be_null() -> None:
    assert "accept" not in request(http_event(headers={"accept": None})).headers


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
            {"requestContext": {"routeKey": "$connect", "connectionId": "x"}}, id="a WebSocket"
        ),
    ],
)
def test_refuses_events_of_another_kind(event: Json) -> None:
    with pytest.raises(InvalidParameterException, match=r"^the event is of no API Gateway route$"):
        request(event)


@pytest.mark.parametrize("make", [http_event, rest_event], ids=["2.0", "1.0"])
@pytest.mark.parametrize(
    "content_type",
    [
        None,
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

    assert request(make(headers=headers, encoded=encoded)).json() == arguments()


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "application/json2", "*/*"],
)
def test_refuses_another_content_type(content_type: str) -> None:
    with pytest.raises(InvalidParameterException, match="content type") as raised:
        request(http_event(headers={"content-type": content_type})).json()

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
        request(http_event(body)).json()

    assert str(raised.value) == message
    assert raised.value.status is None


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
        request(http_event() | {"body": body, "isBase64Encoded": True}).json()


def test_what_is_shown_of_a_request_to_the_resolver() -> None:
    assert request(http_event()).event().keys() == {"rawPath", "headers", "requestContext"}
    assert request(rest_event()).event().keys() == {"httpMethod", "path", "headers"}
