"""Runs a built package as Lambda would: AWS's runtime client under AWS's emulator.

Facts about the emulator that this file rests on: init happens at the first invocation, and
counts against the function's timeout, which Lambda's init does not; a function's error is told
from a result by the shape of the body alone; a timeout is a line of text; after a timeout or an
exit the next invocation starts a new runtime; one invocation at a time.
"""

import base64
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from tools.local.runtime import client as runtime
from tools.local.runtime import processes
from tools.local.runtime.emulator_process import EmulatorProcess, started
from tools.local.runtime.environment import Answer, DiedError, TimedOutError

_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_INIT_REPORT = re.compile(r"INIT REPORT\(durationMs: ([0-9.]+)\)")
_GRACE_SECONDS = 30


@contextmanager
def emulated(
    package: Path,
    variables: Mapping[str, str | None],
    *,
    handler: str = "openid_token.handler.handler",
    timeout_seconds: int = 20,
    memory_megabytes: int = 512,
) -> Iterator["Emulated"]:
    """Run `handler` of the built `package` directory with `variables` over Lambda's own (`None`
    takes one away) and none of the caller's. At the end nothing is left of it.

    Raises:
        StartError: the emulator can't run on this machine, or didn't come up in time.
    """
    own = runtime.variables(package.resolve(), handler, timeout_seconds, memory_megabytes)
    both = {**own, **variables}
    given = {name: value for name, value in both.items() if value is not None}
    with started(package.resolve(), given) as process:
        yield Emulated(process, runtime.function_arn(given), timeout_seconds)


@dataclass(frozen=True)
class Emulated:
    """An `Environment` in a process of its own; see there for what each member promises."""

    process: EmulatorProcess
    function_arn: str
    timeout_seconds: int
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke and wait, at most for the function's timeout and a grace of the emulator's."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        platform = {
            "key": self.process.key,
            "trace_id": trace_id or new_trace_id(),
            "function_arn": self.function_arn,
        }
        header = base64.b64encode(json.dumps(platform).encode()).decode()
        with self._one_at_a_time:
            return _answer_in(*self._post(body, {"X-Amz-Client-Context": header}))

    def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        limit = self.timeout_seconds + _GRACE_SECONDS
        connection = HTTPConnection("127.0.0.1", self.process.port, timeout=limit)
        try:
            connection.request("POST", _INVOCATIONS, body, headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except TimeoutError:
            raise TimedOutError(f"the emulator gave no answer within {limit} seconds") from None
        except (OSError, HTTPException):
            raise DiedError(f"the emulator ended:\n{self.process.last_lines()}") from None
        finally:
            connection.close()

    def logs(self) -> str:
        """All that the function, its runtime and the emulator have printed so far."""
        return self.process.logs()

    @property
    def pid(self) -> int:
        """The process that the function runs in now; `DiedError` when there is none."""
        emulator = self.process.popen.pid
        for pid in processes.marked(self.process.marker):
            if processes.parent(pid) == emulator:
                return pid
        raise DiedError("no runtime runs: there was no invocation yet, or the last one ended it")

    @property
    def init_milliseconds(self) -> float | None:
        """The latest init phase, by the emulator's own report; `None` before the first."""
        reports = _INIT_REPORT.findall(self.logs())
        return float(reports[-1]) if reports else None


def new_trace_id() -> str:
    """A sampled X-Ray header, as Lambda's active tracing starts one."""
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=1"


def _answer_in(status: int, text: str) -> Answer:
    if status == 200 and text.startswith("Task timed out after "):
        raise TimedOutError(text)
    try:
        payload = json.loads(text)
    except ValueError:
        raise DiedError(f"the emulator answered with status {status} and no JSON") from None
    # Lambda says it in a header, which the emulator drops. The runtime client's error objects
    # have these keys, and no result of a function that keeps to its contract has them.
    if isinstance(payload, dict) and {"errorType", "errorMessage"} <= payload.keys():
        return Answer(payload, payload["errorType"], payload["errorMessage"])
    if status != 200:
        raise DiedError(f"the emulator answered with status {status}")
    return Answer(payload, None, None)
