"""Calls the handler in this process, for machines where the emulator can't run.

What differs from the emulator: no timeout, no process and memory of its own, and whatever
this virtual environment has installed is there. AWS's runtime client makes the call, as it does
there, so results and errors are the same.
"""

import importlib
import io
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from awslambdaric.bootstrap import (  # type: ignore[import-untyped]
    StandardLogSink,
    handle_event_request,
)
from awslambdaric.lambda_runtime_marshaller import (  # type: ignore[import-untyped]
    LambdaMarshaller,
)

from tools.local.runtime import client as runtime
from tools.local.runtime.emulator import new_trace_id
from tools.local.runtime.environment import Answer


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
        yield InProcess(handler, runtime.function_arn(given), timeout_seconds)
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
    function_arn: str
    timeout_seconds: int
    _output: io.StringIO = field(default_factory=io.StringIO, repr=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke and wait, however long it takes."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        client = _Client()
        with self._one_at_a_time, redirect_stdout(self._output):
            os.environ["_X_AMZN_TRACE_ID"] = trace_id or new_trace_id()
            handle_event_request(
                client,
                self._call,
                invoke_id=str(uuid.uuid4()),
                event_body=body,
                content_type="application/json",
                client_context_json=None,
                cognito_identity_json=None,
                invoked_function_arn=self.function_arn,
                epoch_deadline_time_in_ms=int((time.time() + self.timeout_seconds) * 1000),
                tenant_id=None,
                log_sink=StandardLogSink(),
            )
        return client.answer

    def _call(self, event: Any, context: Any) -> Any:
        module, _, name = self.handler.rpartition(".")
        return getattr(importlib.import_module(module), name)(event, context)

    def logs(self) -> str:
        """What the function has printed so far."""
        return self._output.getvalue()

    @property
    def pid(self) -> int:
        """This process."""
        return os.getpid()


class _Client:
    """What the runtime client sends the answer through."""

    marshaller = LambdaMarshaller()
    answer: Answer

    def post_invocation_result(self, _: str, result: str, *__: object) -> None:
        self.answer = Answer(json.loads(result), None, None)

    def post_invocation_error(self, _: str, error: str, *__: object) -> None:
        payload = json.loads(error)
        self.answer = Answer(payload, payload["errorType"], payload["errorMessage"])
