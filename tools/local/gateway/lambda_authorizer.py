"""A Lambda authorizer of the owner's, called as an HTTP API calls it: payload 2.0, simple
responses, no identity source, nothing cached.

Source: "Control access to HTTP APIs with AWS Lambda authorizers" of API Gateway's documentation.
"""

from collections.abc import Mapping
from typing import Any, Final

from tools.environment import ACCOUNT, REGION, Answer, EmulationError
from tools.local.gateway.authorizers import Authorize, ForbiddenError, UnauthorizedError
from tools.local.sharing import Invoke

_OF_REQUEST: Final = (
    *("rawPath", "rawQueryString", "cookies", "headers", "queryStringParameters", "requestContext"),
)


def by_lambda(invoke: Invoke) -> Authorize:
    """The authorizer that asks this function."""

    def authorize(event: Mapping[str, Any]) -> dict[str, Any]:
        return {"lambda": _context(invoke(_event(event), event["headers"]["x-amzn-trace-id"]))}

    return authorize


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    context = event["requestContext"]
    method, path = context["http"]["method"], context["http"]["path"]
    api = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{context['apiId']}"
    return {
        "version": "2.0",
        "type": "REQUEST",
        "routeArn": f"{api}/{context['stage']}/{method}{path}",
        "identitySource": None,
        "routeKey": event["routeKey"],
        **{name: event[name] for name in _OF_REQUEST if name in event},
    }


def _context(answer: Answer) -> Any:
    if answer.error_type is not None:
        if answer.error_message == "Unauthorized":
            raise UnauthorizedError
        raise EmulationError(f"the authorizer failed with {answer.error_type}")
    match answer.payload:
        case {"isAuthorized": True, **rest}:
            return rest.get("context")
        case {"isAuthorized": False}:
            raise ForbiddenError
    raise EmulationError("the authorizer must answer isAuthorized, true or false")
