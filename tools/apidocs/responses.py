"""What each status means: the error table, and what API Gateway says by itself."""

from __future__ import annotations

import re
from collections import defaultdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from openid_token.errors import InvalidParameterException
from openid_token.http_api import NO_STORE
from tools.apidocs.examples import ERRORS
from tools.apidocs.schemas import Schema, problem, reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tools.apidocs.examples import Example

# "Gateway response types" and "Quotas for HTTP APIs" in the API Gateway guide.
GATEWAY: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.UNAUTHORIZED: "Unauthorized",
    HTTPStatus.FORBIDDEN: "Forbidden",
    HTTPStatus.NOT_FOUND: "Not Found",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too Many Requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Internal Server Error",
    HTTPStatus.SERVICE_UNAVAILABLE: "Service Unavailable",
}
# The statuses that the function gives InvalidParameterException beside the table's.
REFINED: Final[Mapping[HTTPStatus, str]] = {
    HTTPStatus.METHOD_NOT_ALLOWED: "Another method, where API Gateway lets it pass.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The content type is not `application/json`.",
}


def components(refusals: Iterable[Example]) -> dict[str, Schema]:
    """Every response without a token by its name, for `#/components/responses`."""
    by_status: dict[int, list[Example]] = defaultdict(list)
    for example in refusals:
        by_status[example.status].append(example)
    codes = _codes()
    return {
        _name(status): _response(status, codes.get(status, {}), by_status[status])
        for status in sorted({*codes, *GATEWAY})
    }


def of_operation(
    schema: str, successes: list[Example], never: set[HTTPStatus]
) -> dict[str, Schema]:
    """The responses of an operation by status: `schema` is of the good one, `never` are those that
    it does not give."""
    success = {
        "description": f"The {schema.lower()}.",
        "headers": _headers(HTTPStatus.OK, by_function_alone=True),
        "content": {"application/json": _content(reference(schema), successes)},
    }
    statuses = sorted({*_codes(), *GATEWAY} - never)
    refusals = {str(int(s)): {"$ref": f"#/components/responses/{_name(s)}"} for s in statuses}
    return {str(int(HTTPStatus.OK)): success, **refusals}


def _name(status: HTTPStatus) -> str:
    return status.name.title().replace("_", "")


def _codes() -> dict[HTTPStatus, dict[str, str]]:
    """The error classes of each status, with what they say of themselves."""
    codes: dict[HTTPStatus, dict[str, str]] = defaultdict(dict)
    for error in ERRORS:
        status = error().status
        codes[status][error.__name__] = re.split(r"(?<=\.)\s", error.__doc__ or "")[0]
    for status, meaning in REFINED.items():
        codes[status][InvalidParameterException.__name__] = meaning
    return codes


def _response(status: HTTPStatus, codes: Mapping[str, str], examples: list[Example]) -> Schema:
    content: Schema = {}
    meanings = [f"`{code}`: {meaning}" for code, meaning in codes.items()]
    if codes:
        content["application/problem+json"] = _content(problem(status, list(codes)), examples)
    if status in GATEWAY:
        meanings.append(f"{'Or ' if codes else ''}API Gateway by itself.")
        message = {"message": GATEWAY[status]}
        content["application/json"] = {"schema": reference("Message"), "example": message}
    return {
        "description": " ".join(meanings),
        "headers": _headers(status, by_function_alone=status not in GATEWAY),
        "content": content,
    }


def _content(schema: Schema, examples: list[Example]) -> Schema:
    return {"schema": schema, "examples": {e.name: {"value": e.body} for e in examples}}


def _headers(status: HTTPStatus, *, by_function_alone: bool) -> Schema:
    headers: dict[str, Any] = {}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _header("How to authorize.", {"type": "string"})
    if status not in GATEWAY or status in _codes():
        for name, value in NO_STORE.items():
            headers[name] = _header("Nothing on the way may keep it.", {"const": value})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _header("The method of the route.", {"enum": ["GET", "POST"]})
    waits = {error.retry_after_seconds for error in ERRORS if error().status == status}
    if any(waits):
        headers["Retry-After"] = _header("Seconds.", {"type": "string", "pattern": r"^\d+$"})
    for header in headers.values():
        header["required"] = by_function_alone
    return headers


def _header(description: str, schema: Schema) -> Schema:
    return {"description": description, "schema": schema}
