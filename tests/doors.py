"""The same arguments through each door, and what came out of it, in one form."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from openid_token.doors import Handler, create
from openid_token.errors import InvalidParameterException, TokenIssuerError
from openid_token.settings import Settings
from tests.builders import (
    EXECUTION,
    Json,
    http_event,
    lambda_context,
    rest_event,
    user_http_event,
    user_rest_event,
)
from tests.builders import settings as make_settings
from tests.fakes import FakeCognito, Wire

ERRORS: Final = TokenIssuerError.__subclasses__()
# The door of each sample of `events/`, as the record names it.
DOOR_OF_SAMPLE: Final = {
    "direct": "direct",
    "step-functions": "step_functions",
    "http-api": "api",
    "rest-api": "api",
    "user-http-api": "user_api",
    "user-credentials": "user_credentials",
}
BACKEND_DOORS: Final[Mapping[str, Callable[[Any], object]]] = {
    "direct": lambda given: given,
    "step functions": lambda given: {**given, "execution_id": EXECUTION},
    "http api": http_event,
    "rest api": rest_event,
}
USER_DOORS: Final[Mapping[str, Callable[..., Json]]] = {
    "http api": user_http_event,
    "rest api": user_rest_event,
}
HTTP_DOORS: Final[Mapping[str, Callable[..., Json]]] = {
    "http api": http_event,
    "rest api": rest_event,
}


@dataclass(frozen=True)
class Outcome:
    """What a door answered: a result, or the class, the detail and the arguments of an error."""

    result: Json | None = field(default=None, repr=False)
    code: str | None = None
    detail: str = ""
    invalid: tuple[str, ...] = ()
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = field(default=None, repr=False)


def handler(cognito: FakeCognito | Wire | None = None, settings: Settings | None = None) -> Handler:
    """The Lambda handler of a deployment, with a fake Cognito behind it."""
    return create(settings or make_settings(), (cognito or FakeCognito()).client)


def invoke(function: Handler, event: object) -> Outcome:
    """Invoke as the runtime does. Only an error of the contract counts as an outcome."""
    try:
        answer = function(event, lambda_context())
    except TokenIssuerError as error:
        invalid = error.violations if isinstance(error, InvalidParameterException) else ()
        named = tuple(violation.argument for violation in invalid)
        return Outcome(code=type(error).__name__, detail=str(error), invalid=named)
    json.dumps(answer).encode()
    return of_http(answer) if "statusCode" in answer else Outcome(result=answer)


def of_http(answer: Json) -> Outcome:
    """What an HTTP response says."""
    assert answer.keys() == {"statusCode", "headers", "body", "isBase64Encoded"}
    body: Any = json.loads(answer["body"].encode())
    said: Json = {"status": answer["statusCode"], "headers": answer["headers"], "body": body}
    if answer["statusCode"] == 200:
        return Outcome(result=body, **said)
    named = tuple(error["argument"] for error in body.get("errors", ()))
    return Outcome(code=body["code"], detail=body["detail"], invalid=named, **said)


def problem(outcome: Outcome) -> tuple[int | None, str | None]:
    """The status and the code of a problem, whose form is checked."""
    body = outcome.body
    assert outcome.headers["Content-Type"] == "application/problem+json"
    assert outcome.headers["Cache-Control"] == "no-store"
    assert outcome.headers["Pragma"] == "no-cache"
    assert list(body)[:6] == ["type", "title", "status", "detail", "code", "request_id"]
    for_sdks = {"Code", "Message"} & body.keys()
    assert body.keys() - {"errors"} == {*list(body)[:6], *for_sdks}
    assert not for_sdks or (body["Code"], body["Message"]) == (body["code"], body["detail"])
    assert body["type"] == "about:blank"
    assert body["status"] == outcome.status
    assert body["title"]
    return outcome.status, outcome.code
