"""A Lambda authorizer of the owner's, called as an HTTP API calls it: payload 2.0, simple
responses, no identity source, nothing cached.

Source: "Control access to HTTP APIs with AWS Lambda authorizers" of API Gateway's documentation.
"""

from collections.abc import Mapping
from typing import Any

from tools.environment import ACCOUNT, REGION, Answer, EmulationError
from tools.local.gateway.authorizers import Authorize, ForbiddenError, UnauthorizedError
from tools.local.sharing import Invoke


def by_lambda(invoke: Invoke) -> Authorize:
    """The authorizer that asks this function."""

    def authorize(event: Mapping[str, Any]) -> dict[str, Any]:
        answer = invoke(_event(event), event["headers"]["x-amzn-trace-id"])
        if answer.error_message == "Unauthorized":
            raise UnauthorizedError("the authorizer raised Unauthorized")
        if answer.error_type is not None:
            raise EmulationError(f"the authorizer failed\n{_traceback(answer)}")
        match answer.payload:
            case {"isAuthorized": True, **rest}:
                return {"lambda": rest.get("context")}
            case {"isAuthorized": False}:
                raise ForbiddenError("the authorizer answered isAuthorized: false")
        raise EmulationError("the authorizer must answer isAuthorized, true or false")

    return authorize


def _traceback(answer: Answer) -> str:
    """As its author would see it, whose terminal this is for."""
    frames = answer.payload.get("stackTrace", ())
    said = f"{answer.error_type}: {answer.error_message}"
    return "".join(("Traceback (most recent call last):\n", *frames, said))


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event of the door, but for what an authorizer does not get."""
    context = event["requestContext"]
    method, path = context["http"]["method"], context["http"]["path"]
    api = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{context['apiId']}"
    asked = {name: it for name, it in event.items() if name not in {"body", "isBase64Encoded"}}
    return {
        **asked,
        "type": "REQUEST",
        "routeArn": f"{api}/{context['stage']}/{method}{path}",
        "identitySource": None,
    }
