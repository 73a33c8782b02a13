"""An HTTP request as API Gateway's HTTP API writes it into an event, payload format 2.0."""

import base64
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

from tools.environment import ACCOUNT

API_ID = "local"
STAGE = "$default"
CALLER = {
    "accessKey": "ASIALOCALCALLER00000",
    "accountId": ACCOUNT,
    "callerId": "AROALOCALCALLER000000:local",
    "cognitoIdentity": None,
    "principalOrgId": None,
    "userArn": f"arn:aws:sts::{ACCOUNT}:assumed-role/local-backend/local",
    "userId": "AROALOCALCALLER000000:local",
}
"""The backend that the gateway takes every caller of an IAM route for."""

_TEXT_TYPES = {"application/json", "application/javascript", "application/xml"}


def event_of(
    request: Request,
    route_key: str,
    *,
    request_id: str,
    trace_id: str,
    now: datetime,
) -> dict[str, Any]:
    """The event for a request to `route_key`; who the caller is comes later."""
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode("latin-1"),
    }
    if cookies := request.headers.get("Cookie"):
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    event["headers"] = _headers(request, trace_id)
    if query := _query(event["rawQueryString"]):
        event["queryStringParameters"] = query
    event["requestContext"] = {
        "accountId": ACCOUNT,
        "apiId": API_ID,
        "domainName": request.host,
        "domainPrefix": request.host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "sourceIp": request.remote_addr or "127.0.0.1",
            "userAgent": request.headers.get("User-Agent", ""),
        },
        "requestId": request_id,
        "routeKey": route_key,
        "stage": STAGE,
        "time": now.astimezone(UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now.timestamp() * 1000),
    }
    return {**event, **_body(request)}


def _headers(request: Request, trace_id: str) -> dict[str, str]:
    headers = {name.lower(): value for name, value in request.headers if name != "Cookie"}
    return {
        **headers,
        "x-amzn-trace-id": trace_id,
        "x-forwarded-for": request.remote_addr or "127.0.0.1",
        "x-forwarded-port": request.environ.get("SERVER_PORT", ""),
        "x-forwarded-proto": request.scheme,
    }


def _query(raw: str) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    return query


def _body(request: Request) -> dict[str, Any]:
    body = request.get_data()
    if not body:
        return {"isBase64Encoded": False}
    if _is_text(request):
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _is_text(request: Request) -> bool:
    kind = request.mimetype
    if "Content-Encoding" in request.headers:
        return False
    return not kind or kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith("+json")
