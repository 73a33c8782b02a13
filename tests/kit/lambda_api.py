"""Lambda's Invoke API in front of the function: what Step Functions talks to."""

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from werkzeug import Request, Response

from tools.runtime_api.process import RuntimeProcess

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
        event = request.get_data()
        self.events.append(json.loads(event))
        answer = self.function.invoke(event)
        self.answers.append(answer.payload)
        failed = {"X-Amz-Function-Error": "Unhandled"} if answer.error_type else {}
        return _answered(answer.payload, 200, {"X-Amz-Executed-Version": "1", **failed})


def _refused(status: int, name: str) -> Response:
    problem = {"Type": "Service", "message": "refused, as the test asked"}
    return _answered(problem, status, {"x-amzn-ErrorType": name, "x-amzn-RequestId": "1"})


def _answered(content: object, status: int, headers: dict[str, str]) -> Response:
    return Response(json.dumps(content), status, headers, content_type="application/json")
