"""An HTTP request as API Gateway's HTTP API writes it into an event, payload format 2.0."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.wrappers import Request

from tools.environment import ACCOUNT, new_trace_id

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


def event_of(request: Request, route_key: str) -> dict[str, Any]:
    """The event for a request to `route_key`; who the caller is comes later."""
    now = datetime.now(UTC)
    address = request.remote_addr or "127.0.0.1"
    headers = {name.lower(): value for name, value in request.headers if name != "Cookie"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query_string.decode("latin-1"),
        "headers": {
            "x-amzn-trace-id": new_trace_id(),
            **headers,
            "x-forwarded-for": address,
            "x-forwarded-port": request.environ.get("SERVER_PORT", ""),
            "x-forwarded-proto": request.scheme,
        },
        "requestContext": {
            "accountId": ACCOUNT,
            "apiId": "local",
            "domainName": request.host,
            "domainPrefix": request.host.partition(".")[0],
            "http": {
                "method": request.method,
                "path": request.path,
                "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
                "sourceIp": address,
                "userAgent": request.headers.get("User-Agent", ""),
            },
            "requestId": f"{secrets.token_urlsafe(11)}=",
            "routeKey": route_key,
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
    }
    if cookies := request.headers.get("Cookie"):
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if query := _query(event["rawQueryString"]):
        event["queryStringParameters"] = query
    return event | _body(request)


def _query(raw: str) -> dict[str, str]:
    query: dict[str, str] = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    return query


def _body(request: Request) -> dict[str, Any]:
    body, kind = request.get_data(), request.mimetype
    if not body:
        return {"isBase64Encoded": False}
    is_text = not kind or kind.startswith("text/") or kind in _TEXT_TYPES or kind.endswith("+json")
    if is_text and "Content-Encoding" not in request.headers:
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}
