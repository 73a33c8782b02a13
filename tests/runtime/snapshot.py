"""Lambda's Runtime API as far as SnapStart needs it: the real runtime client waits in
`/restore/next`, where a snapshot is taken, until it is restored.

AWS's emulator has no such thing.
"""

import json
import queue
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from werkzeug.wrappers import Request, Response

from tests.runtime.emulation import DEPLOYED, TIMEOUT_SECONDS
from tools.local.gateway import server
from tools.local.runtime import client as runtime

_LIMIT_SECONDS: Final = 60


@dataclass
class Snapshot:
    """A function that is initialised; `restore` lets it run, `invoke` asks it."""

    taken: threading.Event = field(default_factory=threading.Event)
    _restored: threading.Event = field(default_factory=threading.Event)
    _ready: threading.Event = field(default_factory=threading.Event)
    _events: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    _answers: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)

    def restore(self) -> None:
        """Let the runtime client go on, until the function's hooks have run."""
        self._restored.set()
        assert self._ready.wait(_LIMIT_SECONDS)

    def invoke(self, event: Any) -> Any:
        """The function's result; an error's class name where it raised."""
        self._events.put(event)
        kind, answer = self._answers.get(timeout=_LIMIT_SECONDS)
        return answer["errorType"] if kind == "error" else answer

    def answer(self, request: Request) -> Response:
        """What the runtime client gets of its Runtime API."""
        match request.path.removeprefix("/2018-06-01/runtime/").split("/"):
            case ["restore", "next"]:
                self.taken.set()
                self._restored.wait(_LIMIT_SECONDS)
                return Response("{}")
            case ["invocation", "next"]:
                return self._next()
            case ["invocation", _, kind]:
                self._answers.put((kind, json.loads(request.get_data())))
                return Response("{}", 202)
        self._answers.put(("error", {"errorType": request.path}))
        return Response("{}", 202)

    def _next(self) -> Response:
        self._ready.set()
        event = json.dumps(self._events.get())
        headers = {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + TIMEOUT_SECONDS) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-central-1:1:function:f:live",
            "Lambda-Runtime-Trace-Id": "Root=1-6745b2c0-3f1c2a9b5d7e8f0012345678;Sampled=0",
        }
        return Response(event, headers=headers, content_type="application/json")


@contextmanager
def snapshot(
    package: Path, handler: str, variables: Mapping[str, str | None], scratch: Path
) -> Iterator[Snapshot]:
    """The function of `package`, initialised and waiting to be restored."""
    own = runtime.variables(package, handler, TIMEOUT_SECONDS, 512)
    directory = scratch / "runtime"
    directory.mkdir()
    bootstrap = runtime.lay_out(directory)
    taken = Snapshot()
    with server.opened() as listening, server.served(Request.application(taken.answer), listening):
        both = {**own, **DEPLOYED, **runtime.client_variables(directory), **variables}
        environ = {name: value for name, value in both.items() if value is not None}
        environ["AWS_LAMBDA_INITIALIZATION_TYPE"] = "snap-start"
        environ["AWS_LAMBDA_RUNTIME_API"] = server.url_of(listening).removeprefix("http://")
        log = scratch / "log"
        with (
            log.open("wb") as sink,
            subprocess.Popen(
                [str(bootstrap)], cwd=package, env=environ, stdout=sink, stderr=sink
            ) as process,
        ):
            try:
                assert taken.taken.wait(_LIMIT_SECONDS), log.read_text()
                yield taken
            finally:
                process.kill()
