"""The API Gateway doors: routes in, `application/json` or `application/problem+json` out."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, NamedTuple

import msgspec

from openid_token import claims, errors
from openid_token.audit import Record, audited
from openid_token.cognito import Credentials, Token
from openid_token.door import Door
from openid_token.issuing import Deployment, issue_credentials, issue_token
from openid_token.request import Backend, Payload1, Request, User, caller_of, read
from openid_token.secret import Secret

type Response = dict[str, Any]


class Route(NamedTuple):
    """One path: its method, its door, and what the door hands out."""

    method: str
    door: Door
    issue: Callable[[Request, Record, Deployment], Token | Credentials]


# RFC 6749, section 5.1: nothing on the way keeps a token.
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}
# Of a user's body, which holds a pool and a number.
_MOST_OF_USER: Final = 16 * 1024


def respond(event: Mapping[str, Any], request_id: str, deployment: Deployment) -> Response:
    """The response to an API Gateway event, errors included.

    `request_id` is Lambda's.

    Raises:
        InvalidParameterException: the event is of another kind, so nobody waits for a response.
    """
    # Who sends what no API does has invoked the function, and gets the error itself.
    record, path = Record(door=Door.DIRECT), None
    try:
        with audited(record):
            request = read(event)
            record.door = Door.API
            record.api_request_id = request.request_context.request_id or None
            method, path = request.route(ROUTES)
            route = _route(method, path)
            record.door = route.door
            result = route.issue(request, record, deployment)
    except errors.TokenIssuerError as error:
        if path is None:
            raise
        return _problem(error, request_id, path)
    body = msgspec.json.encode(result, enc_hook=Secret.reveal)
    return _response(HTTPStatus.OK, "application/json", body)


def _route(method: str, path: str) -> Route:
    if path not in ROUTES:
        raise errors.ResourceNotFoundException(f"the routes are {', '.join(ROUTES)}")
    route = ROUTES[path]
    if method != route.method:
        raise errors.InvalidParameterException(
            f"the method must be {route.method}", status=HTTPStatus.METHOD_NOT_ALLOWED
        )
    return route


def _token_to_backend(request: Request, record: Record, deployment: Deployment) -> Token:
    caller = caller_of(request)
    if not isinstance(caller, Backend):
        raise errors.AccessDeniedException(
            "this route is for backends: API Gateway must have authorized the caller with IAM"
        )
    record.caller = caller.arn
    return issue_token(request.json(), record, deployment, of_user=False)


def _token_to_user(request: Request, record: Record, deployment: Deployment) -> Token:
    user = _user(request)
    if len(request.body or "") > _MOST_OF_USER:
        # Nested deeply, six million characters would take more memory than the function has.
        raise errors.InvalidParameterException(
            f"the body must have at most {_MOST_OF_USER} characters",
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    given = claims.for_token(request.json() if request.body else {}, user, deployment.settings)
    return issue_token(given, record, deployment, of_user=True)


def _credentials_to_user(request: Request, record: Record, deployment: Deployment) -> Credentials:
    user = _user(request)
    if isinstance(request, Payload1):
        raise errors.AccessDeniedException(
            "this route answers HTTP APIs alone (payload 2.0): a REST API's stage may cache a GET"
        )
    if request.body or request.query_string_parameters:
        raise errors.InvalidParameterException("this route takes no body and no query")
    given = claims.for_credentials(user, deployment.settings)
    return issue_credentials(given, record, deployment)


def _user(request: Request) -> User:
    caller = caller_of(request)
    if not isinstance(caller, User):
        raise errors.AccessDeniedException(
            "this route is for signed-in users: API Gateway must have verified the user's token"
        )
    return caller


ROUTES: Final[Mapping[str, Route]] = {
    "/token": Route("POST", Door.API, _token_to_backend),
    "/me/token": Route("POST", Door.USER_API, _token_to_user),
    "/me/credentials": Route("GET", Door.USER_CREDENTIALS, _credentials_to_user),
}


def _problem(error: errors.TokenIssuerError, request_id: str, path: str) -> Response:
    headers, route = {}, ROUTES.get(path)
    problem = {
        "type": "about:blank",
        "title": error.status.phrase,
        "status": error.status,
        "detail": str(error),
        "code": type(error).__name__,
        "request_id": request_id,
    }
    if isinstance(error, errors.InvalidParameterException) and error.violations:
        problem["errors"] = [violation._asdict() for violation in error.violations]
    if route and route.door is Door.USER_CREDENTIALS:
        # Where AWS SDKs look for what to tell.
        problem |= {"Code": problem["code"], "Message": problem["detail"]}
    if route and error.status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = route.method
    if error.retry_after_seconds:
        headers["Retry-After"] = str(error.retry_after_seconds)
    body = msgspec.json.encode(problem)
    return _response(error.status, "application/problem+json", body, **headers)


def _response(status: HTTPStatus, media_type: str, body: bytes, **headers: str) -> Response:
    return {
        "statusCode": status.value,
        "headers": {"Content-Type": media_type, **NO_STORE, **headers},
        "body": body.decode(),
        "isBase64Encoded": False,
    }
