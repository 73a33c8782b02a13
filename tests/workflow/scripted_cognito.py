"""A Cognito that answers by a script."""

import json
import os
import signal
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response

from tests.cognito import EXCHANGE, Act, answers, error, issues, operation
from tools.runtime_api.process import RuntimeProcess

throttles = error("TooManyRequestsException")
garbage = answers(200, b'["what?"]')


@dataclass
class ScriptedCognito:
    """Answers with the next reply of `script`, else with the user's own of `for_user`, else
    with a token."""

    script: deque[Act] = field(default_factory=deque)
    for_user: dict[str, Act] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, request: Request) -> Response:
        """Serve `GetOpenIdTokenForDeveloperIdentity`, and exchange whatever token it gave."""
        if operation(request) == EXCHANGE:
            return issues(request)
        call = json.loads(request.get_data())
        self.requests.append(call)
        if self.script:
            return self.script.popleft()(request)
        own = [self.for_user[user] for user in call["Logins"].values() if user in self.for_user]
        return (own or [issues])[0](request)


def crash(function: RuntimeProcess) -> Act:
    """No answer: the function's process is killed while it waits for one."""

    def kill(request: Request) -> Response:
        os.kill(function.pid, signal.SIGKILL)
        return garbage(request)

    return kill
