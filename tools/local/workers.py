"""Execution environments of a handler: worker processes, called over pipes. No port, no key."""

import json
import os
import select
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

from tools import environment
from tools.environment import Answer, TimedOutError

_PROGRAM: Final = Path(__file__).with_name("worker.py")
_START_SECONDS: Final = 60.0
# The Python in which a built package stands alone.
ALONE: Final = (environment.interpreter(), "-sS")


class Worker:
    """An `Environment` in a worker process, for events that are JSON; see there for what each
    member promises."""

    def __init__(
        self, command: Sequence[str], variables: Mapping[str, str], seconds: float, log: IO[bytes]
    ) -> None:
        self._command, self._variables = [*command], dict(variables)
        self._seconds, self._log = seconds, log
        self._process: subprocess.Popen[bytes] | None = None
        self._told = 0

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke and wait, at most for the function's timeout."""
        asked = {
            "event": event,
            "request_id": str(uuid.uuid4()),
            "trace_id": trace_id or environment.new_trace_id(),
            "function_arn": environment.function_arn(self._variables),
        }
        process = self._process
        if process is None:
            process = self._process = subprocess.Popen(
                self._command,
                env=self._variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                start_new_session=True,
            )
            # Whether it could load the handler.
            ready = self._answer(process, _START_SECONDS)
            if ready.error_type is not None:
                self.end()
                return ready
        assert process.stdin  # noqa: S101 - a pipe
        try:
            process.stdin.write(json.dumps(asked).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return self._ended()
        return self._answer(process, self._seconds)

    def logs(self) -> str:
        """All that the handler and its process have printed so far."""
        return Path(self._log.name).read_text(errors="replace")

    def news(self) -> str:
        """What they have printed since this was last asked."""
        # Elsewhere than a read would, which moves the end that the process writes at, too.
        said = os.pread(self._log.fileno(), 1 << 20, self._told)
        self._told += len(said)
        return said.decode(errors="replace")

    def end(self) -> None:
        """Kill the process; the next invocation starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _answer(self, process: subprocess.Popen[bytes], seconds: float) -> Answer:
        assert process.stdout  # noqa: S101 - a pipe
        line, until = bytearray(), time.monotonic() + seconds
        while not line.endswith(b"\n"):
            left = until - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                self.end()
                raise TimedOutError(f"Task timed out after {seconds:.2f} seconds")
            part = os.read(process.stdout.fileno(), 1 << 16)
            if not part:
                return self._ended()
            line += part
        answer = json.loads(line)
        return Answer.of_error(answer["error"]) if "error" in answer else Answer(answer["payload"])

    def _ended(self) -> Answer:
        self.end()
        said = "Runtime exited without providing a reason"
        return Answer.of_error({"errorType": "Runtime.ExitError", "errorMessage": said})


@contextmanager
def working(
    python: Sequence[str], handler: str, variables: Mapping[str, str], timeout_seconds: float
) -> Iterator[Worker]:
    """A worker that `python`, a command, runs for `handler`; its process begins with the first
    invocation, and has these variables and no others."""
    with tempfile.NamedTemporaryFile(prefix="worker-", buffering=0) as log:
        command = [*python, "-BP", str(_PROGRAM), handler]
        worker = Worker(command, variables, timeout_seconds, log)
        try:
            yield worker
        finally:
            worker.end()


def can_import(package: Path) -> bool:
    """Whether what is compiled in a built package is for this machine."""
    done = subprocess.run(
        [*ALONE, "-BPc", "import openid_token.settings"],
        env={"PYTHONPATH": str(package)},
        capture_output=True,
        check=False,
    )
    return done.returncode == 0
