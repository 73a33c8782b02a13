"""Calls the handler in this process, for machines where the emulator can't run.

What differs from the emulator: no timeout, no process and memory of its own, and whatever
this virtual environment has installed is there. Errors have the runtime client's shape.
"""

import importlib
import io
import json
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awslambdaric.lambda_context import LambdaContext  # type: ignore[import-untyped]

from tools.local.runtime import client as runtime
from tools.local.runtime.emulator import new_trace_id
from tools.local.runtime.environment import Answer

_Handler = Callable[[Any, Any], Any]


@contextmanager
def in_process(
    source: Path,
    variables: Mapping[str, str],
    *,
    handler: str = "openid_token.handler.handler",
    timeout_seconds: int = 20,
    memory_megabytes: int = 512,
) -> Iterator["InProcess"]:
    """Import `handler` from `source`, with `variables` as this process's own for the while.

    One at a time: the environment variables and the imported modules are the process's.
    """
    root = handler.partition(".")[0]
    own = runtime.variables(source.resolve(), handler, timeout_seconds, memory_megabytes)
    saved, given = dict(os.environ), {**own, **variables}
    os.environ.update(given)
    sys.path.insert(0, str(source.resolve()))
    try:
        yield InProcess(handler, given)
    finally:
        sys.path.remove(str(source.resolve()))
        for name in [name for name in sys.modules if name.partition(".")[0] == root]:
            del sys.modules[name]
        os.environ.clear()
        os.environ.update(saved)


@dataclass
class InProcess:
    """An `Environment` in this process; see there for what each member promises."""

    handler: str
    variables: Mapping[str, str]
    init_milliseconds: float | None = None
    _function: _Handler | None = None
    _output: io.StringIO = field(default_factory=io.StringIO, repr=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke and wait, however long it takes."""
        with self._one_at_a_time, redirect_stdout(self._output):
            began = time.perf_counter()
            os.environ["_X_AMZN_TRACE_ID"] = trace_id or new_trace_id()
            payload, error = self._result(event)
            milliseconds = (time.perf_counter() - began) * 1000
        if error:
            return Answer(payload, payload["errorType"], payload["errorMessage"], milliseconds)
        return Answer(payload, None, None, milliseconds)

    def _result(self, event: Any) -> tuple[Any, bool]:
        context = self._context()
        try:
            function = self._function or self._imported()
            return _sent(function(_received(event), context)), False
        except _RuntimeClientError as error:
            return _error_object(error.kind, error, context.aws_request_id), True
        except Exception as error:  # noqa: BLE001 - the runtime client takes every one
            return _error_object(type(error).__name__, error, context.aws_request_id), True

    def _imported(self) -> _Handler:
        began = time.perf_counter()
        module, _, name = self.handler.rpartition(".")
        function: _Handler = getattr(importlib.import_module(module), name)
        self.init_milliseconds = (time.perf_counter() - began) * 1000
        self._function = function
        return function

    def _context(self) -> LambdaContext:
        seconds = int(self.variables["AWS_LAMBDA_FUNCTION_TIMEOUT"])
        deadline = int((time.time() + seconds) * 1000)
        arn = runtime.function_arn(self.variables)
        return LambdaContext(str(uuid.uuid4()), None, None, deadline, arn)

    def logs(self) -> str:
        """What the function has printed so far."""
        return self._output.getvalue()

    @property
    def pid(self) -> int:
        """This process."""
        return os.getpid()


class _RuntimeClientError(Exception):
    """What the runtime client reports by itself, under a name of its own."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def _received(event: Any) -> Any:
    try:
        return json.loads(event if isinstance(event, bytes) else json.dumps(event))
    except ValueError as error:
        message = f"Unable to unmarshal input: {error}"
        raise _RuntimeClientError("Runtime.UnmarshalError", message) from None


def _sent(result: Any) -> Any:
    try:
        return json.loads(json.dumps(result))
    except (TypeError, ValueError) as error:
        message = f"Unable to marshal response: {error}"
        raise _RuntimeClientError("Runtime.MarshalError", message) from None


def _error_object(kind: str, error: Exception, request_id: str) -> dict[str, Any]:
    return {
        "errorMessage": str(error),
        "errorType": kind,
        "requestId": request_id,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }
