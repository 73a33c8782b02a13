"""The API Gateway doors: routes in, `application/json` or `application/problem+json` out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import msgspec
from aws_lambda_powertools.event_handler.api_gateway import (
    APIGatewayHttpResolver,
    ApiGatewayResolver,
    APIGatewayRestResolver,
    CORSConfig,
    Response,
)
from aws_lambda_powertools.utilities.typing import LambdaContext

from openid_token import policy
from openid_token.audit import Door, Record, audited
from openid_token.authorizer import Backend, User, caller_of
from openid_token.errors import (
    ANSWERS,
    AccessDeniedException,
    InvalidParameterException,
    ResourceNotFoundException,
    TokenIssuerError,
)
from openid_token.issuer import Result
from openid_token.request import Request, read
from openid_token.secret import Secret

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

    from openid_token.settings import Settings

type Issue = Callable[[Mapping[str, object], Record], Result]
type Api = Callable[[Mapping[str, Any], LambdaContext], dict[str, Any]]

ROUTES: Final = {"/token": Door.API, "/me/token": Door.USER_API}
# RFC 6749, section 5.1: nothing on the way keeps a token.
NO_STORE: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def create(issue: Issue, settings: Settings) -> Api:
    """The doors as one function of an API Gateway event and the Lambda context.

    `issue` answers the arguments of either door. The function returns the response, errors
    included; it raises only `InvalidParameterException`, for an event of another kind.
    """
    cors = _cors(settings.allowed_origins)
    resolvers: dict[str, ApiGatewayResolver] = {
        "2.0": APIGatewayHttpResolver(cors=cors, debug=False),
        "1.0": APIGatewayRestResolver(cors=cors, debug=False),
    }
    for resolver in resolvers.values():
        _add_routes(resolver, issue, settings)

    def api(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        try:
            request = read(event, ROUTES)
        except InvalidParameterException:
            with audited(Record(door=Door.API)):
                raise
        resolver = resolvers[request.version]
        resolver.context["request"] = request
        return resolver.resolve(request.event(), context)

    return api


def _add_routes(app: ApiGatewayResolver, issue: Issue, settings: Settings) -> None:
    def respond(door: Door, answer: Callable[[Request, Record], Result]) -> Response[str]:
        request: Request = app.context["request"]
        record = Record(door=door, api_request_id=request.request_id or None)
        try:
            with audited(record):
                result = answer(request, record)
        except TokenIssuerError as error:
            return _problem(error, app.lambda_context.aws_request_id)
        body = msgspec.json.encode(result, enc_hook=Secret.reveal).decode()
        return Response(HTTPStatus.OK, "application/json", body)

    def of_backend(request: Request, record: Record) -> Result:
        record.caller = _backend(request).arn
        return issue(request.json(), record)

    def of_user(request: Request, record: Record) -> Result:
        claims = _user(request).claims
        return issue(policy.of_user(request.json(), claims, settings), record)

    app.use([_no_store])

    @app.post("/token")
    def token() -> Response[str]:
        return respond(Door.API, of_backend)

    @app.post("/me/token")
    def my_token() -> Response[str]:
        return respond(Door.USER_API, of_user)

    @app.not_found
    def not_found(_: Exception) -> Response[str]:
        return respond(Door.API, _no_route)


def _no_store(app: ApiGatewayResolver, next_middleware: NextMiddleware) -> Response[str]:
    response: Response[str] = next_middleware(app)
    response.headers.update(NO_STORE)
    return response


def _backend(request: Request) -> Backend:
    caller = caller_of(request.context)
    if not isinstance(caller, Backend):
        raise AccessDeniedException(
            "this route is for backends: API Gateway must have authorized the caller with IAM"
        )
    return caller


def _user(request: Request) -> User:
    caller = caller_of(request.context)
    if not isinstance(caller, User):
        raise AccessDeniedException(
            "this route is for signed-in users: API Gateway must have verified the user's token"
        )
    return caller


def _no_route(request: Request, _: Record) -> Result:
    if request.path in ROUTES:
        raise InvalidParameterException(
            "the method must be POST", status=HTTPStatus.METHOD_NOT_ALLOWED
        )
    raise ResourceNotFoundException(f"the routes are {', '.join(ROUTES)}")


def _problem(error: TokenIssuerError, request_id: str) -> Response[str]:
    answer = ANSWERS[type(error)]
    status, headers, errors = answer.status, {}, {}
    if isinstance(error, InvalidParameterException):
        status = error.status or status
        errors = {"errors": [v._asdict() for v in error.violations]} if error.violations else {}
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = "POST"
    if answer.retry_after_seconds:
        headers["Retry-After"] = str(answer.retry_after_seconds)
    problem = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status,
        "detail": str(error),
        "code": type(error).__name__,
        "request_id": request_id,
        **errors,
    }
    body = msgspec.json.encode(problem).decode()
    return Response(status, "application/problem+json", body, headers=headers)


def _cors(origins: tuple[str, ...]) -> CORSConfig | None:
    if not origins:
        return None
    first, *others = origins
    return CORSConfig(
        allow_origin=first,
        extra_origins=others,
        allow_headers=["Authorization", "Content-Type"],
        max_age=3600,
    )
