"""The local gateway writes the event that an HTTP API writes."""

import base64
import json
import re
import time
from unittest.mock import Mock

import pytest

from tests.local.conftest import Ask
from tools.local.gateway.event import CALLER
from tools.local.samples import DIRECTORY


def test_has_what_api_gateway_puts_into_it(ask: Ask, function: Mock) -> None:
    response = ask(
        "POST",
        "/token?a=1&b=%C3%A4&a=2&c=",
        data='{"x": "ü"}'.encode(),
        headers=[
            ("Content-Type", "application/json; charset=utf-8"),
            ("Cookie", "one=1; two=2"),
            ("User-Agent", "probe/1"),
            ("X-Amzn-Trace-Id", "Root=1-a-b"),
        ],
    )

    event, trace_id = function.call_args.args
    context = event["requestContext"]
    sample = json.loads((DIRECTORY / "http-api.json").read_text())
    assert event.keys() == sample.keys() | {"cookies", "queryStringParameters"}
    assert context.keys() == sample["requestContext"].keys()
    assert abs(context["timeEpoch"] / 1000 - time.time()) < 600
    assert re.fullmatch(r"\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d \+0000", context["time"])
    assert context["requestId"] == response.headers["apigw-requestid"]
    assert context["authorizer"] == {"iam": CALLER}
    assert context["routeKey"] == event["routeKey"] == "POST /token"
    own = {"protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "probe/1"}
    assert context["http"] == {"method": "POST", "path": "/token", **own}
    assert trace_id == event["headers"]["x-amzn-trace-id"] == "Root=1-a-b"
    assert (event["cookies"], "cookie" in event["headers"]) == (["one=1", "two=2"], False)
    assert event["rawQueryString"] == "a=1&b=%C3%A4&a=2&c="
    assert event["queryStringParameters"] == {"a": "1,2", "b": "ä", "c": ""}
    assert (event["body"], event["isBase64Encoded"]) == ('{"x": "ü"}', False)


def test_leaves_out_what_a_request_does_not_have(ask: Ask, function: Mock) -> None:
    ask("POST", "/token")

    event, trace_id = function.call_args.args
    assert not {"cookies", "queryStringParameters", "body"} & event.keys()
    assert trace_id.startswith("Root=1-")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/octet-stream"}, b"{}"),
        ({"Content-Type": "application/json"}, b"\xff\xfe"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"{}"),
    ],
)
def test_encodes_bodies_that_are_not_text(
    ask: Ask, function: Mock, headers: dict[str, str], body: bytes
) -> None:
    ask("POST", "/token", data=body, headers=headers)

    event = function.call_args.args[0]
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body
