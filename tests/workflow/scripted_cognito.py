"""A Cognito that does what a test asks of it."""

import base64
import json
import os
import signal
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response

from tools.local.runtime.environment import Environment

type Reply = Callable[[dict[str, Any]], Response]

_CLAIMS = b'{"iss":"https://cognito-identity.amazonaws.com"}'
# Every token that is issued here, to be looked for where no token may be.
TOKEN_MARK = f"eyJhbGciOiJub25lIn0.{base64.urlsafe_b64encode(_CLAIMS).decode().rstrip('=')}.c2ln"


@dataclass
class ScriptedCognito:
    """Answers with the next reply of `script`, else with the user's own of `for_user`, else
    with a token."""

    script: deque[Reply] = field(default_factory=deque)
    for_user: dict[str, Reply] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        """Serve `GetOpenIdTokenForDeveloperIdentity`, and exchange whatever token it gave."""
        call = json.loads(request.get_data())
        if request.headers["X-Amz-Target"].endswith(".GetCredentialsForIdentity"):
            return _exchanged(call)
        self.requests.append(call)
        if self.script:
            return self.script.popleft()(call)
        own = [self.for_user[user] for user in call["Logins"].values() if user in self.for_user]
        return own[0](call) if own else issued(call)


def identity_of(logins: dict[str, str]) -> str:
    """The identity that these logins always get."""
    return f"eu-central-1:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(logins, sort_keys=True))}"


def issued(call: dict[str, Any]) -> Response:
    """A token."""
    return _answer(200, {"IdentityId": identity_of(call["Logins"]), "Token": TOKEN_MARK})


def _exchanged(call: dict[str, Any]) -> Response:
    credentials = {
        "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
        "SecretKey": "secret-key-of-the-scripted-cognito",
        "SessionToken": "session-token-of-the-scripted-cognito",
        "Expiration": 1795390937.0,
    }
    return _answer(200, {"IdentityId": call["IdentityId"], "Credentials": credentials})


def error(name: str, status: int = 400) -> Reply:
    """One of Cognito's errors."""
    return lambda call: _answer(status, {"__type": name, "message": "as the test asked"})


def front_door(status: int) -> Reply:
    """An answer of AWS's front door, which names no error; the SDK does not try again after it."""
    return lambda call: Response("", status, content_type="text/plain")


def garbage(call: dict[str, Any]) -> Response:
    """An answer that is not Cognito's."""
    return _answer(200, ["what?"])


def crash(function: Environment) -> Reply:
    """No answer: the function's process is killed while it waits for one."""

    def kill(call: dict[str, Any]) -> Response:
        os.kill(function.pid, signal.SIGKILL)
        return garbage(call)

    return kill


def _answer(status: int, body: object) -> Response:
    return Response(json.dumps(body), status, content_type="application/x-amz-json-1.1")
