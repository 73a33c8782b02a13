"""The local Lambda runtime itself, with a handler that is written here."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tools.local.runtime import emulator_process, processes
from tools.local.runtime.emulator import Emulated, emulated
from tools.local.runtime.environment import Answer, DiedError, StartError, TimedOutError
from tools.local.runtime.in_process import in_process

HANDLER = """
import os, sys, time

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
        case "environment":
            return dict(os.environ)
        case "modules":
            return [sys.path, [n for n in ("boto3", "pytest", "moto") if _importable(n)]]
        case "context":
            return [context.invoked_function_arn, context.get_remaining_time_in_millis()]
    return {"event": event, "pid": os.getpid()}

def _importable(name):
    import importlib.util
    return importlib.util.find_spec(name) is not None
"""
PROBE = "probe.handler"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("package")
    (directory / "probe.py").write_text(HANDLER)
    return directory


@pytest.fixture(scope="module")
def environment(package: Path) -> Iterator[Emulated]:
    with emulated(package, {"GIVEN": "yes"}, handler=PROBE, timeout_seconds=1) as running:
        yield running


def test_returns_results_of_one_and_the_same_process(environment: Emulated) -> None:
    answers = [environment.invoke({"n": n}) for n in range(5)]

    assert [answer.payload["event"] for answer in answers] == [{"n": n} for n in range(5)]
    assert {answer.payload["pid"] for answer in answers} == {environment.pid}
    assert {answer.error_type for answer in answers} == {None}
    assert all(answer.milliseconds > 0 for answer in answers)
    assert "init of the probe" in environment.logs()
    assert environment.init_milliseconds


@pytest.mark.parametrize("result", [None, 7, "Task timed out after all", [1], {"errorType": "x"}])
def test_returns_every_kind_of_result(environment: Emulated, result: object) -> None:
    answer = environment.invoke({"return": result})

    assert (answer.payload, answer.error_type) == (result, None)


def test_the_event_may_be_json_text_as_it_is(environment: Emulated) -> None:
    assert environment.invoke(b'{"return" : 1.50}').payload == 1.5
    assert environment.invoke(b"not json").error_type == "Runtime.UnmarshalError"


def test_an_exception_is_reported_by_its_class(environment: Emulated) -> None:
    answer = environment.invoke({"raise": "as asked"})

    assert (answer.error_type, answer.error_message) == ("OutOfLuckError", "as asked")
    assert answer.payload["stackTrace"]


def test_a_result_that_is_not_json_is_an_error(environment: Emulated) -> None:
    assert environment.invoke("object").error_type == "Runtime.MarshalError"


def test_a_timeout_is_raised_and_the_next_call_gets_a_new_process(environment: Emulated) -> None:
    before = environment.invoke({}).payload["pid"]

    with pytest.raises(TimedOutError, match=r"after 1\.00 seconds"):
        environment.invoke({"sleep": 30})

    assert environment.invoke({}).payload["pid"] not in {before, None}


def test_an_exit_is_reported_and_the_next_call_gets_a_new_process(environment: Emulated) -> None:
    answer = environment.invoke({"exit": 3})

    assert answer.error_type == "Runtime.ExitError"
    assert "exit status 3" in (answer.error_message or "")
    assert environment.invoke({}).error_type is None


def test_gives_lambdas_variables_and_none_of_ours(
    environment: Emulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = environment.invoke("environment", trace_id="Root=1-a-b;Parent=c;Sampled=1").payload

    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.13"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "512"
    assert seen["_HANDLER"] == PROBE
    assert seen["_X_AMZN_TRACE_ID"] == "Root=1-a-b;Parent=c;Sampled=1"
    assert (seen["GIVEN"], seen["AWS_ACCESS_KEY_ID"]) == ("yes", "local")
    assert not {"HOME", "VIRTUAL_ENV", "PYTEST_CURRENT_TEST"} & seen.keys()


def test_the_package_stands_alone(environment: Emulated, package: Path) -> None:
    path, ours = environment.invoke("modules").payload

    assert path[0] == str(package)
    assert not any("site-packages" in entry for entry in path)
    assert ours == []
    assert not list(package.rglob("__pycache__"))


def test_the_context_is_lambdas(environment: Emulated) -> None:
    arn, remaining = environment.invoke("context").payload

    assert arn == "arn:aws:lambda:eu-central-1:123456789012:function:openid-token:live"
    assert 0 < remaining <= 1000


def test_a_failing_init_is_reported_at_each_call(package: Path) -> None:
    with emulated(package, {"FAIL_AT_INIT": "1"}, handler=PROBE) as environment:
        answers = [environment.invoke({}) for _ in range(2)]

    assert {a.error_type for a in answers} == {"LookupError"}
    assert {a.error_message for a in answers} == {"no luck at init"}


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
        assert another.invoke({"return": 1}).payload == 1


def test_an_emulator_that_does_not_come_up_is_reported(package: Path) -> None:
    with (
        pytest.raises(StartError, match="did not come up"),
        emulated(package, {}, handler=PROBE, start_seconds=0),
    ):
        pytest.fail("it started")


@pytest.mark.parametrize("ending", [None, KeyboardInterrupt])
def test_leaves_no_process_behind(package: Path, ending: type[BaseException] | None) -> None:
    with suppress(KeyboardInterrupt), emulated(package, {}, handler=PROBE) as environment:
        marker = environment.process.marker
        environment.invoke({"spawn": 300})
        # The guard has another environment: these are the emulator, the runtime
        # and the process that the function left.
        assert len(processes.marked(marker)) == 3
        if ending:
            raise ending

    assert processes.marked(marker) == []


CHILD = """
import sys, time
from pathlib import Path
from tools.local.runtime.emulator import emulated

with emulated(Path(sys.argv[1]), {}, handler="probe.handler") as environment:
    environment.invoke({})
    print(environment.process.marker, flush=True)
    environment.invoke({"sleep": 15})
"""


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_leaves_no_process_behind_when_we_are_killed(package: Path, sent: signal.Signals) -> None:
    command = [sys.executable, "-c", CHILD, str(package)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd()) as child:
        assert child.stdout
        marker = child.stdout.readline().strip()
        assert processes.marked(marker)
        child.send_signal(sent)

    assert _soon(lambda: processes.marked(marker) == [])
    assert _soon(lambda: not Path(marker.partition("=")[2]).parent.exists())


def _soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if holds():
            return True
        os.sched_yield()
    return False


@pytest.mark.parametrize(
    "event", [{"raise": "as asked"}, {"return": {"a": [1]}}, "object", b"not json"]
)
def test_in_process_answers_as_the_emulator_does(
    package: Path, environment: Emulated, event: Any
) -> None:
    with in_process(package, {}, handler=PROBE) as here:
        ours, theirs = here.invoke(event), environment.invoke(event)

    assert _told(ours) == _told(theirs)
    assert "init of the probe" in here.logs()
    assert "probe" not in sys.modules


def test_in_process_reports_a_failing_init(package: Path) -> None:
    with in_process(package, {"FAIL_AT_INIT": "1"}, handler=PROBE) as here:
        assert here.invoke({}).error_type == "LookupError"

    assert "FAIL_AT_INIT" not in os.environ


def _told(answer: Answer) -> object:
    if answer.error_type is None:
        return json.dumps(answer.payload)
    return answer.error_type, answer.error_message
