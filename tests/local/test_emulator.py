"""The local Lambda runtime itself, with a handler that is written here."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tools.local.runtime import emulator_process, processes
from tools.local.runtime.emulator import Emulated, emulated
from tools.local.runtime.environment import DiedError, StartError, TimedOutError
from tools.local.runtime.in_process import in_process

HANDLER = """
import importlib.util, os, sys, time

print("init of the probe")
if "FAIL_AT_INIT" in os.environ:
    raise LookupError("no luck at init")

class OutOfLuckError(Exception):
    pass

def handler(event, context):
    match event:
        case {"raise": message}:
            raise OutOfLuckError(message)
        case {"sleep": seconds}:
            time.sleep(seconds)
        case {"exit": status}:
            os._exit(status)
        case {"spawn": seconds}:
            os.system(f"sleep {seconds} &")
        case {"return": result}:
            return result
        case "object":
            return object()
        case "platform":
            found = [n for n in ("boto3", "pytest", "moto") if importlib.util.find_spec(n)]
            remaining = context.get_remaining_time_in_millis()
            return [dict(os.environ), sys.path, found, context.invoked_function_arn, remaining]
    return {"event": event, "pid": os.getpid()}
"""
PROBE = "probe.handler"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("package")
    (directory / "probe.py").write_text(HANDLER)
    return directory


@pytest.fixture(scope="module")
def environment(package: Path) -> Iterator[Emulated]:
    with emulated(package, {"GIVEN": "yes"}, handler=PROBE) as running:
        yield running


def test_returns_results_of_one_and_the_same_process(environment: Emulated) -> None:
    answers = [environment.invoke({"n": n}) for n in range(5)]

    assert [answer.payload["event"] for answer in answers] == [{"n": n} for n in range(5)]
    assert {answer.payload["pid"] for answer in answers} == {environment.pid}
    assert {answer.error_type for answer in answers} == {None}
    assert "init of the probe" in environment.logs()
    assert environment.init_milliseconds


ANSWERS: list[tuple[Any, Any, str | None]] = [
    *(({"return": it}, it, None) for it in (None, 7, "Task timed out after all", [1])),
    ({"return": {"errorType": "x"}}, {"errorType": "x"}, None),
    (b'{"return" : 1.50}', 1.5, None),
    ({"raise": "as asked"}, None, "OutOfLuckError"),
    ("object", None, "Runtime.MarshalError"),
    (b"not json", None, "Runtime.UnmarshalError"),
]


@pytest.mark.parametrize(("event", "payload", "error"), ANSWERS)
def test_answers_and_in_process_it_is_the_same(
    package: Path, environment: Emulated, event: Any, payload: Any, error: str | None
) -> None:
    with in_process(package, {}, handler=PROBE) as here:
        answers = [environment.invoke(event), here.invoke(event)]

    assert [answer.error_type for answer in answers] == [error, error]
    assert answers[0].error_message == answers[1].error_message
    for answer in answers:
        assert answer.payload["stackTrace"] is not None if error else answer.payload == payload
    assert "probe" not in sys.modules


def test_a_timeout_is_raised_and_the_next_call_gets_a_new_process(package: Path) -> None:
    with emulated(package, {}, handler=PROBE, timeout_seconds=1) as environment:
        before = _once_initialised(environment)
        with pytest.raises(TimedOutError, match=r"after 1\.00 seconds"):
            environment.invoke({"sleep": 30})

        assert _once_initialised(environment) not in {before, None}


def _once_initialised(environment: Emulated) -> Any:
    """The process that answers. The emulator counts the init phase against the timeout, and on a
    busy machine it may take longer than that."""
    while True:
        with suppress(TimedOutError):
            return environment.invoke({}).payload["pid"]


def test_an_exit_is_reported_and_the_next_call_gets_a_new_process(environment: Emulated) -> None:
    answer = environment.invoke({"exit": 3})

    assert answer.error_type == "Runtime.ExitError"
    assert "exit status 3" in (answer.error_message or "")
    assert environment.invoke({}).error_type is None


def test_only_who_started_it_may_invoke(environment: Emulated) -> None:
    stranger = replace(environment, process=replace(environment.process, key="guessed"))

    assert stranger.invoke({}).error_type == "NotOurs"
    assert environment.invoke({}).error_type is None


def test_gives_what_lambda_gives_and_nothing_of_ours(environment: Emulated, package: Path) -> None:
    trace = "Root=1-a-b;Parent=c;Sampled=1"
    seen, path, ours, arn, remaining = environment.invoke("platform", trace_id=trace).payload

    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert (seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], seen["_HANDLER"]) == ("512", PROBE)
    assert (seen["GIVEN"], seen["AWS_ACCESS_KEY_ID"]) == ("yes", "local")
    assert seen["_X_AMZN_TRACE_ID"] == trace
    assert not {"HOME", "VIRTUAL_ENV", "PYTEST_CURRENT_TEST", "EMULATOR_KEY"} & seen.keys()
    assert path[0] == str(package)
    assert not any("site-packages" in entry for entry in path)
    assert ours == []
    assert not list(package.rglob("__pycache__"))
    assert arn == "arn:aws:lambda:eu-central-1:123456789012:function:openid-token:live"
    assert 0 < remaining <= 20_000


@pytest.mark.parametrize("run", [emulated, in_process])
def test_a_failing_init_is_reported_at_each_call(package: Path, run: Any) -> None:
    with run(package, {"FAIL_AT_INIT": "1"}, handler=PROBE) as environment:
        answers = [environment.invoke({}) for _ in range(2)]
        assert "init of the probe" in environment.logs()

    assert {(a.error_type, a.error_message) for a in answers} == {
        ("LookupError", "no luck at init")
    }
    assert "FAIL_AT_INIT" not in os.environ


def test_a_killed_emulator_is_reported(package: Path) -> None:
    with emulated(package, {}, handler=PROBE) as environment:
        environment.invoke({})
        environment.process.popen.kill()
        environment.process.popen.wait()

        with pytest.raises(DiedError):
            environment.invoke({})
        with pytest.raises(DiedError):
            _ = environment.pid


def test_a_port_that_is_taken_meanwhile_is_not_the_end(
    package: Path, environment: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, taken = emulator_process._free_ports, environment.process.port
    choices = iter([(taken, taken)])
    monkeypatch.setattr(emulator_process, "_free_ports", lambda: next(choices, None) or free())

    with emulated(package, {}, handler=PROBE) as another:
        assert another.process.port != taken
        assert another.invoke({"return": 1}).payload == 1


def test_an_emulator_that_does_not_come_up_is_reported(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emulator_process, "_START_SECONDS", 0)
    with (
        pytest.raises(StartError, match="did not come up"),
        emulated(package, {}, handler=PROBE),
    ):
        pytest.fail("it started")


def test_leaves_no_process_behind(package: Path) -> None:
    with suppress(KeyboardInterrupt), emulated(package, {}, handler=PROBE) as environment:
        marker = environment.process.marker
        environment.invoke({"spawn": 300})
        # The emulator, the runtime and the process that the function left.
        assert len(processes.marked(marker)) == 3
        raise KeyboardInterrupt

    assert processes.marked(marker) == []


CHILD = f"""
import sys
from pathlib import Path
from tools.local.runtime.emulator import emulated

with emulated(Path(sys.argv[1]), {{}}, handler="{PROBE}", timeout_seconds=600) as environment:
    environment.invoke({{}})
    print(environment.process.marker, flush=True)
    environment.invoke({{"sleep": 300}})
"""


def test_leaves_no_process_behind_when_we_are_killed(package: Path) -> None:
    command = [sys.executable, "-c", CHILD, str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as child:
        assert child.stdout
        marker = child.stdout.readline().strip()
        assert processes.marked(marker)
        child.kill()

    assert _soon(lambda: processes.marked(marker) == [])
    assert _soon(lambda: not Path(marker.partition("=")[2]).parent.exists())


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if holds():
            return True
        os.sched_yield()
    return False
