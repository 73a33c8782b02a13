"""Canaries planted in every place never come out of the function's logs, metrics or traces."""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.builders import Json
from tests.environment import CLEAN
from tests.integration.canary_run import LOGIN, REPLIES, TAG, TOKEN, events

NOISY = {
    "POWERTOOLS_DEBUG": "true",
    "POWERTOOLS_DEV": "true",
    "POWERTOOLS_METRICS_DISABLED": "false",
    "POWERTOOLS_LOGGER_LOG_EVENT": "true",
    "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "true",
    "POWERTOOLS_TRACER_CAPTURE_ERROR": "true",
}
ENVIRONMENTS = {
    "info": {"AWS_LAMBDA_LOG_LEVEL": "INFO"},
    "debug": {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
    "everything on": {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG", **NOISY},
}
RUNS = len(REPLIES) + 1  # the last one is a bug of our own


@contextmanager
def xray_daemon() -> Iterator[tuple[str, list[Json]]]:
    """The address of a daemon that keeps each segment it is sent."""
    segments: list[Json] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as daemon:
        daemon.bind(("127.0.0.1", 0))

        def listen() -> None:
            while packet := daemon.recv(65_536):
                segments.append(json.loads(packet.partition(b"\n")[2]))

        listener = threading.Thread(target=listen)
        listener.start()
        yield f"127.0.0.1:{daemon.getsockname()[1]}", segments
        # An empty datagram is the last one; those before it are in the order that they came.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", daemon.getsockname())
        listener.join()


def leaks(text: str) -> list[str]:
    """Which canaries are in the text, whole or eight characters of them; named, not shown."""
    folded = text.casefold()
    canaries = {"login": LOGIN, "tag": TAG, "token": TOKEN}
    marks = {
        name: {value[i : i + 8] for i in range(7, len(value) - 7)}
        for name, value in canaries.items()
    }
    return [name for name, parts in marks.items() if any(part in folded for part in parts)]


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS)
def test_no_canary_comes_out(environment: dict[str, str]) -> None:
    with xray_daemon() as (address, segments):
        lambda_ = {
            "AWS_XRAY_DAEMON_ADDRESS": address,
            "LAMBDA_TASK_ROOT": "/var/task",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=1;Sampled=1",
            "LOGIN_CLAIM": "sub",
            "PRINCIPAL_TAG_CLAIMS": "department=custom:department",
            "MAX_TOKEN_DURATION": "3600",
            "PYTHONPATH": "src",
        }
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "tests.integration.canary_run"],
            env=CLEAN | lambda_ | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    outputs = {"stdout": done.stdout, "stderr": done.stderr, "segments": json.dumps(segments)}
    found = {name: leaks(text) for name, text in outputs.items()}
    assert found == {"stdout": [], "stderr": [], "segments": []}
    assert done.returncode == 0, "the run itself failed"

    # It would prove nothing if nothing had been planted, answered, logged and traced.
    count = len(list(events()))
    *_, tally = done.stdout.splitlines()
    assert json.loads(tally)["issued"] == 7
    assert sum(json.loads(tally).values()) == count * RUNS
    assert done.stdout.count("token issued") == 7
    assert done.stdout.count("token refused") == count * RUNS - 7
    assert done.stdout.count("CloudWatchMetrics") >= count * RUNS
    calls = 7 * RUNS
    assert len(segments) == calls
    for segment in segments:
        assert segment["name"] == "GetOpenIdTokenForDeveloperIdentity"
        assert segment["annotations"].keys() == {"outcome"}
        assert not segment.keys() & {"metadata", "cause", "error", "fault", "http"}
