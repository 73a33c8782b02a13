"""Runs the function, freshly imported, through every door with canaries in every place.

Run as `python -m tests.integration.canary_run` by `test_canary.py`, which reads all that it
prints. Its last line says how many answers held the token, and how many did not.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError
from botocore.retries.standard import ExponentialBackoff

from openid_token.errors import TokenIssuerError
from tests.builders import (
    EXECUTION,
    IDENTITY,
    OTHER_POOL,
    Json,
    arguments,
    http_event,
    jwt,
    lambda_context,
    rest_event,
    user_http_event,
    user_rest_event,
)
from tests.fakes import FakeCognito, Reply, Wire

if TYPE_CHECKING:
    from openid_token.doors import Handler

LOGIN = "canary-login-0b5e77d1"
TAG = "canary-tag-93aa40c2"
TOKEN = "canary.token.c61f28e9"
GIVEN = arguments(logins={"login.example.com": LOGIN}, principal_tags={"department": TAG})
CLAIMS = {"sub": LOGIN, "custom:department": TAG}
URL = "https://cognito-identity.eu-central-1.amazonaws.com"
ECHO = f"login {LOGIN.upper()} with tag {TAG}, token {TOKEN[:12]}..."
GOOD = Reply.json({"IdentityId": IDENTITY, "Token": TOKEN})
REPLIES: tuple[Reply | Exception, ...] = (
    GOOD,
    *(
        Reply.error(name, ECHO, status)
        for name in (
            "DeveloperUserAlreadyRegisteredException",
            "InvalidParameterException",
            "NotAuthorizedException",
            "ResourceConflictException",
            "ResourceNotFoundException",
            "TooManyRequestsException",
            "ThrottlingException",
            "AccessDeniedException",
            "ExpiredTokenException",
            LOGIN,
        )
        for status in (400, 500)
    ),
    Reply(503, ECHO.encode()),
    Reply(502, f"<html>{ECHO}".encode()),
    Reply(200, ECHO.encode()),
    Reply.json([ECHO]),
    Reply.json({"IdentityId": LOGIN, "Token": TOKEN}),
    Reply.json({"IdentityId": IDENTITY, "Token": [TOKEN]}),
    Reply.json({"__type": [LOGIN], "message": {LOGIN: TAG}}, 400),
    Reply(200, b'{"Token": "' + TOKEN.encode()),
    EndpointConnectionError(endpoint_url=f"{URL}/{LOGIN}", error=TAG),
    ConnectTimeoutError(endpoint_url=f"{URL}/{LOGIN}", error=TAG),
    KeyError(LOGIN),
    ZeroDivisionError(ECHO),
)


def events() -> Iterator[object]:
    """Every door, with good arguments and with bad ones that hold canaries."""
    for given in (GIVEN, *bad()):
        yield given
        yield {**given, "execution_id": EXECUTION}
        yield http_event(given)
        yield rest_event(given, encoded=True)
        yield user_http_event(given, authorizer=jwt(**CLAIMS))
    yield user_http_event(authorizer=jwt(**CLAIMS))
    yield user_rest_event(authorizer={"claims": CLAIMS})
    yield user_http_event(authorizer={"lambda": CLAIMS})
    yield user_http_event(authorizer=jwt(**{"sub": LOGIN, "custom:department": [TAG]}))
    yield user_http_event(authorizer=jwt(sub=[LOGIN]))
    yield http_event(f'{{"logins": {{"a": "{LOGIN}"')
    yield http_event(headers={"content-type": LOGIN})
    yield http_event(path=f"/{LOGIN}", route="$default", headers={"authorization": TOKEN})
    yield http_event(method=LOGIN) | {"rawQueryString": f"x={LOGIN}"}
    yield http_event() | {"headers": {"a": [TOKEN]}, "body": LOGIN}
    yield {"Records": [{"body": LOGIN}]}
    yield {**GIVEN, "execution_id": LOGIN}
    yield from (LOGIN, [LOGIN], None)


def bad() -> Iterator[Json]:
    yield {"identity_pool_id": LOGIN, "identity_id": LOGIN, "logins": LOGIN, "principal_tags": TAG}
    yield arguments(logins={"a": [LOGIN]}, principal_tags={"a": {"b": TAG}}, token_duration=LOGIN)
    yield arguments(logins={"a": LOGIN + "\ud800"}, principal_tags={"a": TAG * 20})
    yield arguments(**{f"{LOGIN} {TAG}": 1, "login": LOGIN, "token": TOKEN})
    yield {**GIVEN, "identity_pool_id": OTHER_POOL, "token_duration": 86_400}


def answers(function: "Handler") -> Iterator[bool]:
    """Whether each event got the token. What an exception says is printed."""
    for event in events():
        try:
            answer = function(event, lambda_context())
        except TokenIssuerError as error:
            print(str(error), repr(error), file=sys.stderr)
            traceback.print_exception(error)
            yield False
            continue
        text = json.dumps(answer)
        refused = "statusCode" in answer and answer["statusCode"] != 200
        if refused:
            print(text)
        yield TOKEN in text and not refused


def main() -> None:
    ExponentialBackoff.delay_amount = lambda *_: 0  # type: ignore[method-assign]
    # As in Lambda, the root logger has its handler before the function is imported.
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    from openid_token.doors import create
    from openid_token.settings import Settings

    settings = Settings.from_environment(os.environ)
    wire = Wire(GOOD)
    function = create(settings, wire.client)
    issued: list[bool] = []
    for reply in REPLIES:
        wire.replies = [reply]
        issued += answers(function)
    bug = create(settings, FakeCognito(error=ZeroDivisionError(ECHO)).client)
    issued += answers(bug)
    print(json.dumps({"issued": issued.count(True), "refused": issued.count(False)}))


if __name__ == "__main__":
    main()
