"""One execution environment: the runtime client's process, and Lambda's Runtime API for it.

Source: "Using the Lambda runtime API for custom runtimes" in the Lambda guide. The runtime asks for
its first event when init is over, and is left waiting with that until somebody invokes; so nothing
runs beside the caller, and init is told apart from the first call. The native client needs a
`Content-Type` in each answer, and the whole answer in one part.

A built package must stand alone. So the process has the interpreter that the virtual environment
was made from, without any site-packages, and one directory that holds awslambdaric and what that
imports.
"""

import compileall
import http.client
import importlib.util
import json
import selectors
import socket
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from tools import environment
from tools.environment import Answer, DiedError, StartError, TimedOutError, interpreter
from tools.own_user import is_ours

_CLIENT_MODULES: Final = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")
_PREFIX: Final = "/2018-06-01/runtime/"
_START_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request of the runtime's that waits for its answer; `at` is when it came."""

    connection: socket.socket
    path: str
    body: bytes
    at: tuple[float, float]

    def answer(self, status: str, body: bytes = b"{}", **headers: str) -> None:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        head = {"Content-Type": "application/json", "Content-Length": len(body), **named}
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {text}" for name, text in head.items()), "", ""]
        with suppress(ConnectionError):
            self.connection.sendall("\r\n".join(lines).encode() + body)


class RuntimeProcess:
    """An `Environment` in AWS's runtime client; see there for what each member promises.

    `asked` and `answered` hold when each event was asked for and answered: seconds of the wall
    clock, and of the process's CPU time. `started` is the wall clock's when the process began, and
    `starts` how many there were.
    """

    def __init__(
        self, command: list[str], package: Path, variables: Mapping[str, str], log: BinaryIO
    ) -> None:
        self._command, self._package, self._log = command, package, log
        self._variables = dict(variables)
        self._timeout = int(variables["AWS_LAMBDA_FUNCTION_TIMEOUT"])
        self._open = ExitStack()
        self._process: subprocess.Popen[bytes] | None = None
        self._waiting: _Asked | None = None
        self._one_at_a_time = threading.Lock()
        self.starts, self.started = 0, 0.0
        self.asked: list[tuple[float, float]] = []
        self.answered: list[tuple[float, float]] = []

    def init(self) -> str:
        """Run the init phase, unless it is over: until the runtime asks for its next event, or, at
        SnapStart, where a snapshot is taken. Returns the path that it waits at, or `init/error`.

        Raises:
            StartError: the process ended before that, or took too long.
        """
        return self._ready().path

    def restore(self) -> None:
        """Let a runtime that waits for it go on, until the function's hooks have run."""
        self._taken().answer("200 OK")
        self.init()

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke and wait, at most for the function's timeout."""
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        with self._one_at_a_time:
            waiting = self._taken()
            if waiting.path == "init/error":
                waiting.answer("202 Accepted")
                self.end()
                return Answer.of_error(json.loads(waiting.body))
            self._log.write(b"START\n")
            waiting.answer(
                "200 OK",
                body,
                Lambda_Runtime_Aws_Request_Id=str(uuid.uuid4()),
                Lambda_Runtime_Deadline_Ms=f"{(time.time() + self._timeout) * 1000:.0f}",
                Lambda_Runtime_Invoked_Function_Arn=environment.function_arn(self._variables),
                Lambda_Runtime_Trace_Id=trace_id or environment.new_trace_id(),
            )
            return self._answered()

    def logs(self) -> str:
        """Standard output and standard error so far, in the order of their writing."""
        return Path(self._log.name).read_text(errors="replace")

    @property
    def pid(self) -> int:
        """The process that the function runs in now; `DiedError` when there is none."""
        if self._process is None:
            raise DiedError("no runtime runs: there was no invocation yet, or the last ended it")
        return self._process.pid

    def end(self) -> None:
        """Kill the process; the next invocation starts another, which finds another port, so that
        nothing of this one comes to it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._open.close()
        self._process = self._waiting = None

    def _start(self) -> None:
        self.end()
        self._listening = self._open.enter_context(socket.create_server(("127.0.0.1", 0)))
        self._selector = self._open.enter_context(selectors.DefaultSelector())
        self._selector.register(self._listening, selectors.EVENT_READ)
        port = self._listening.getsockname()[1]
        self.starts += 1
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._package,
            env={**self._variables, "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{port}"},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def _ready(self) -> _Asked:
        if self._waiting is None:
            if self._process is None or self._process.poll() is not None:
                self._start()
            try:
                self._waiting = self._next(_START_SECONDS)
            except (DiedError, TimedOutError) as reason:
                self.end()
                raise StartError(f"{reason}:\n{self.logs()[-2000:]}") from None
            if self._waiting.path == "invocation/next":
                self.asked.append(self._waiting.at)
        return self._waiting

    def _taken(self) -> _Asked:
        waiting, self._waiting = self._ready(), None
        return waiting

    def _answered(self) -> Answer:
        try:
            answer = self._next(self._timeout)
        except TimedOutError:
            self.end()
            raise
        except DiedError as reason:
            self.end()
            # As Lambda says it.
            return Answer.of_error({"errorType": "Runtime.ExitError", "errorMessage": str(reason)})
        self.answered.append(answer.at)
        answer.answer("202 Accepted")
        payload = json.loads(answer.body)
        return Answer.of_error(payload) if answer.path.endswith("/error") else Answer(payload)

    def _next(self, seconds: float) -> _Asked:
        """The runtime's next request; whoever else asks gets nothing."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            ready = self._selector.select(min(left, _POLL_SECONDS))
            at = self._moment()
            for key, _ in ready:
                if key.data is None:
                    self._accept()
                elif asked := _received(key.data, at):
                    return asked
                else:
                    self._selector.unregister(key.fileobj)
            if not ready and (self._process is None or self._process.poll() is not None):
                raise DiedError("Runtime exited without providing a reason")
        raise TimedOutError(f"Task timed out after {seconds:.2f} seconds")

    def _accept(self) -> None:
        connection, peer = self._listening.accept()
        if not is_ours(peer, self._listening.getsockname()):
            connection.close()
            return
        connection.settimeout(_START_SECONDS)
        file = self._open.enter_context(connection.makefile("rb"))
        stream = self._open.enter_context(connection), file
        self._selector.register(connection, selectors.EVENT_READ, stream)

    def _moment(self) -> tuple[float, float]:
        # Linux makes the number of another process's CPU clock of the process's own.
        cpu = 0.0
        with suppress(OSError):
            cpu = time.clock_gettime(~self.pid << 3 | 2)
        return time.perf_counter(), cpu


def _received(stream: tuple[socket.socket, BinaryIO], at: tuple[float, float]) -> _Asked | None:
    """A whole request, or `None` where the connection has ended."""
    connection, file = stream
    with suppress(ConnectionError):
        if line := file.readline():
            headers = http.client.parse_headers(file)
            body = file.read(int(headers.get("Content-Length") or 0))
            return _Asked(connection, line.split()[1].decode().removeprefix(_PREFIX), body, at)
    return None


def lay_out(directory: Path) -> None:
    """Fill `directory` with the runtime client.

    Lambda's own runtime client is compiled, so this one's bytecode is made here as well:
    else compiling it would count as the function's cold start.

    Raises:
        StartError: the runtime client can't run on this machine.
    """
    directory.mkdir()
    for name in _CLIENT_MODULES:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            raise StartError(f"the runtime client's module {name} is not here: it is for Linux")
        origin = Path(spec.origin)
        source = origin.parent if origin.name == "__init__.py" else origin
        (directory / source.name).symlink_to(source)
        if source.is_dir():
            compileall.compile_dir(source, quiet=2, maxlevels=0)
    compileall.compile_dir(directory, quiet=2, maxlevels=0)


@contextmanager
def running(
    package: Path,
    variables: Mapping[str, str | None],
    *,
    handler: str = "openid_token.handler.handler",
    timeout_seconds: int = 20,
) -> Iterator[RuntimeProcess]:
    """Run `handler` of the built `package` directory with `variables` over Lambda's own (`None`
    takes one away) and none of the caller's. At the end nothing is left of it.

    Raises:
        StartError: the runtime client can't run on this machine.
    """
    package = package.resolve()
    own = environment.variables(package, handler, timeout_seconds, memory_megabytes=512)
    given = {name: value for name, value in {**own, **variables}.items() if value is not None}
    with tempfile.TemporaryDirectory(prefix="lambda-", ignore_cleanup_errors=True) as directory:
        client, log = Path(directory) / "runtime", Path(directory) / "log"
        lay_out(client)
        given |= {"LAMBDA_RUNTIME_DIR": str(client), "PYTHONPATH": str(client)}
        command = [interpreter(), "-BsS", "-m", "awslambdaric", handler]
        with log.open("ab", buffering=0) as sink:
            process = RuntimeProcess(command, package, given, sink)
            try:
                yield process
            finally:
                process.end()
