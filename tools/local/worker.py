"""Calls a Lambda handler for whoever started this process, over the pipes that it was given as
standard input and output.

It is a program that knows nothing but the standard library. What the handler prints goes to
standard error. An invocation and an answer are one line of JSON each; the first answer says whether
the handler could be loaded.
"""

import importlib
import json
import os
import sys
import time
import traceback
from typing import Any


class Context:
    """Lambda's context object, as far as handlers use it."""

    def __init__(self, request_id: str, function_arn: str) -> None:
        environ = os.environ
        self.aws_request_id = request_id
        self.invoked_function_arn = function_arn
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME", "function")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME", "local")
        self.log_stream_name = "local"
        self._ends = time.monotonic() + int(environ.get("AWS_LAMBDA_FUNCTION_TIMEOUT", "3"))

    def get_remaining_time_in_millis(self) -> int:
        """Until the process is killed."""
        return max(0, int((self._ends - time.monotonic()) * 1000))


def _error(error: BaseException, request_id: str = "") -> dict[str, Any]:
    """As Lambda's runtime tells it to a direct caller, without the frames of this file."""
    frames = traceback.format_list(traceback.extract_tb(error.__traceback__)[1:])
    told = {"errorType": type(error).__name__, "errorMessage": str(error)}
    return {"error": {**told, "requestId": request_id, "stackTrace": frames}}


def main(handler_name: str) -> None:
    """Serve until the pipe ends."""
    events, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    module, _, attribute = handler_name.rpartition(".")
    try:
        handler = getattr(importlib.import_module(module), attribute)
    except Exception as error:  # noqa: BLE001 - whatever the handler's module raises
        say(_error(error))
        return
    say({"payload": "ready"})
    while line := events.readline():
        asked = json.loads(line)
        os.environ["_X_AMZN_TRACE_ID"] = asked["trace_id"]
        try:
            context = Context(asked["request_id"], asked["function_arn"])
            payload = handler(asked["event"], context)
            json.dumps(payload)
        except Exception as error:  # noqa: BLE001 - as Lambda's runtime does
            say(_error(error, asked["request_id"]))
        else:
            say({"payload": payload})


if __name__ == "__main__":
    main(sys.argv[1])
