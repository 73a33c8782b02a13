"""Lambda's Invoke API in front of the function in the emulator: what Step Functions talks to."""

import json
import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from werkzeug import Request, Response

from tools.environment import TimedOutError
from tools.runtime_api.process import RuntimeProcess

INVOCATIONS = re.compile("/2015-03-31/functions/[^/]+/invocations")
ALIAS_ARN = "arn:aws:lambda:eu-central-1:123456789012:function:openid-token:live"


@dataclass
class LambdaApi:
    """Answers as Lambda does, for the one alias there is.

    `events` are the events that reached the function, in order: their number is the number of
    attempts; `answers` are what it answered. `refusals` are errors of Lambda itself, (status,
    name), each for one invocation that then never reaches the function.
    """

    function: RuntimeProcess
    events: list[dict[str, Any]] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)
    refusals: deque[tuple[int, str]] = field(default_factory=deque)

    def __call__(self, request: Request) -> Response:
        """Serve `POST /2015-03-31/functions/FUNCTION/invocations`."""
        if unquote(request.path).split("/")[3] != ALIAS_ARN:
            return _refused(404, "ResourceNotFoundException")
        if self.refusals:
            return _refused(*self.refusals.popleft())
        self.events.append(json.loads(request.get_data()))
        return self._invoked(request.get_data())

    def _invoked(self, event: bytes) -> Response:
        try:
            answer = self.function.invoke(event)
        except TimedOutError as timeout:
            return _failed({"errorType": "Sandbox.Timedout", "errorMessage": str(timeout)})
        self.answers.append(answer.payload)
        return _failed(answer.payload) if answer.error_type else _returned(answer.payload)


def _returned(payload: object, **headers: str) -> Response:
    named = {"X-Amz-Executed-Version": "1", **headers}
    return Response(json.dumps(payload), 200, named, content_type="application/json")


def _failed(payload: object) -> Response:
    return _returned(payload, **{"X-Amz-Function-Error": "Unhandled"})


def _refused(status: int, name: str) -> Response:
    body = json.dumps({"Type": "Service", "message": "refused, as the test asked"})
    headers = {"x-amzn-ErrorType": name, "x-amzn-RequestId": "1"}
    return Response(body, status, headers, content_type="application/json")
