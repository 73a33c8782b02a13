"""An execution environment: AWS's runtime client, and just enough of Lambda's Runtime API for it.

AWS's emulator begins the init phase with the first call. Here the runtime asks for its first
event when init is over, so that the two are told apart.
"""

import json
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final

from tools.benchmarks import request
from tools.benchmarks.candidates import EMPTY, Candidate
from tools.local.runtime import client as runtime

type Sample = dict[str, float]

_PEAK: Final = re.compile(r"(?m)^VmHWM:\s+(\d+) kB$")
_LIMIT_SECONDS: Final = 30
_OWN: Final = runtime.variables(Path(), "", 20, 512)
# Until then caches fill.
_WARM_UPS: Final = 50


class NotAnsweredError(Exception):
    """A candidate did not answer with the token, so its time means nothing."""


def sample(
    candidate: Candidate, bootstrap: Path, variables: Mapping[str, str], warm_calls: int
) -> Sample:
    """Start `candidate` by the runtime client's `bootstrap` and call it; then `warm_calls` times
    more, if it is measured warm.

    Times are in milliseconds, but for the CPU time of a warm call, which is in microseconds.
    `cold` is from nothing to the first answer. Memory is in MB of 10^6 bytes.

    Raises:
        NotAnsweredError: the first or the last answer holds no token.
    """
    with _RuntimeApi(candidate) as api, _started(candidate, bootstrap, variables, api) as process:
        began = time.perf_counter()
        api.exchange(process.pid)
        peak = _PEAK.search(Path(f"/proc/{process.pid}/status").read_text())
        (init, init_cpu), (first, first_cpu) = api.asked[0], api.answered[0]
        measured = {
            "init_ms": (init - began) * 1e3,
            "first_call_ms": (first - init) * 1e3,
            "cold_ms": (first - began) * 1e3,
            "init_cpu_ms": init_cpu * 1e3,
            "first_call_cpu_ms": (first_cpu - init_cpu) * 1e3,
            "cold_cpu_ms": first_cpu * 1e3,
            "peak_mb": int(peak[1]) * 1024 / 1e6 if peak else 0,
        }
        if candidate.warm:
            for _ in range(_WARM_UPS + warm_calls):
                api.exchange(process.pid)
            spent = api.asked[-1][1] - api.asked[_WARM_UPS][1]
            measured["warm_cpu_us"] = spent / warm_calls * 1e6
    return measured


class _RuntimeApi(HTTPServer):
    """`asked` and `answered` say when, in seconds of the wall clock and of the runtime's CPU."""

    timeout = _LIMIT_SECONDS

    def __init__(self, candidate: Candidate) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.asked: list[tuple[float, float]] = []
        self.answered: list[tuple[float, float]] = []
        self.candidate, self.answer, self.pid = candidate, b"", 0

    def exchange(self, pid: int) -> None:
        """Give the runtime one event and take its answer."""
        self.pid, before = pid, len(self.answered)
        while len(self.answered) == before:
            self.handle_request()
        token = b"" if self.candidate.name == EMPTY else request.TOKEN.encode()
        if token not in self.answer:
            raise NotAnsweredError(f"{self.candidate.name}: {self.answer.decode()[:2000]}")

    def handle_timeout(self) -> None:
        raise NotAnsweredError(f"{self.candidate.name}: nothing within {_LIMIT_SECONDS} seconds")

    def now(self) -> tuple[float, float]:
        """Linux makes the number of another process's CPU clock of the process's own."""
        return time.perf_counter(), time.clock_gettime(~self.pid << 3 | 2)


class _Exchange(BaseHTTPRequestHandler):
    server: _RuntimeApi

    def do_GET(self) -> None:
        """`/runtime/invocation/next`."""
        self.server.asked.append(self.server.now())
        number = len(self.server.asked)
        # Lambda's active tracing samples the first call of a second, and few of the rest.
        trace = f"Root=1-6745b2c0-{number:024x};Parent=53995c3f42cd8ad8;Sampled={number == 1:d}"
        head = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": f"00000000-0000-4000-8000-{number:012x}",
            "Lambda-Runtime-Deadline-Ms": f"{time.time() * 1000 + 20_000:.0f}",
            "Lambda-Runtime-Invoked-Function-Arn": runtime.function_arn(_OWN),
            "Lambda-Runtime-Trace-Id": trace,
        }
        self._respond("200 OK", head, json.dumps(self.server.candidate.event).encode())

    def do_POST(self) -> None:
        """`/runtime/invocation/ID/response`, or an error of a call or of init."""
        self.server.answered.append(self.server.now())
        self.server.answer = self.rfile.read(int(self.headers["Content-Length"]))
        self._respond("202 Accepted", {}, b"")

    def _respond(self, status: str, head: Mapping[str, str], body: bytes) -> None:
        # In one part: the rest would wait for the acknowledgement of the first.
        lines = [f"HTTP/1.0 {status}", *(f"{name}: {text}" for name, text in head.items())]
        lines.append(f"Content-Length: {len(body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def _started(
    candidate: Candidate, bootstrap: Path, variables: Mapping[str, str], api: HTTPServer
) -> Iterator[subprocess.Popen[bytes]]:
    package = candidate.package.resolve()
    environ = {
        **runtime.variables(package, candidate.handler, 20, 512),
        **variables,
        **runtime.client_variables(bootstrap.parent),
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_port}",
    }
    nowhere = subprocess.DEVNULL
    with subprocess.Popen(
        [bootstrap], cwd=package, env=environ, stdout=nowhere, stderr=nowhere
    ) as process:
        try:
            yield process
        finally:
            process.kill()
