"""One sample of one candidate: in AWS's runtime client, or, of the AWS CLI, as a whole process."""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tools.benchmarks.candidates import CLI, EMPTY, Candidate
from tools.benchmarks.cognito import ARGUMENTS, TOKEN
from tools.environment import REGION
from tools.runtime_api.process import RuntimeProcess, running

type Sample = dict[str, float]

_PEAK: Final = re.compile(r"(?m)^VmHWM:\s+(\d+) kB$")
# Until then caches fill.
_WARM_UPS: Final = 50
_TRACE: Final = "Root=1-6745b2c0-3f1c2a9b5d7e8f0012345678;Parent=53995c3f42cd8ad8;Sampled="


class NotAnsweredError(Exception):
    """A candidate did not answer with the token, so its time means nothing."""


def in_runtime(candidate: Candidate, variables: Mapping[str, str], warm_calls: int) -> Sample:
    """Start `candidate` and call it; then `warm_calls` times more, if it is measured warm.

    Times are in milliseconds, but for the CPU time of a warm call, which is in microseconds.
    `cold` is from nothing to the first answer. Memory is in MB of 10^6 bytes.

    Raises:
        NotAnsweredError: an answer holds no token.
    """
    with running(candidate.package, variables, handler=candidate.handler) as process:
        _ask(process, candidate, sampled=True)
        [peak] = _PEAK.findall(Path(f"/proc/{process.pid}/status").read_text())
        (init, _), (first, first_cpu) = process.asked[0], process.answered[0]
        sample = {
            "first_call_ms": (first - init) * 1e3,
            "cold_ms": (first - process.started) * 1e3,
            "cold_cpu_ms": first_cpu * 1e3,
            "peak_mb": int(peak) * 1024 / 1e6,
        }
        if candidate.warm:
            for _ in range(_WARM_UPS + warm_calls):
                _ask(process, candidate)
            process.init()
            (_, begin), (_, end) = process.asked[-1 - warm_calls], process.asked[-1]
            sample["warm_cpu_us"] = (end - begin) / warm_calls * 1e6
    return sample


def _ask(process: RuntimeProcess, candidate: Candidate, *, sampled: bool = False) -> None:
    # Lambda's active tracing samples the first call of a second, and few of the rest.
    answer = json.dumps(process.invoke(candidate.event, trace_id=f"{_TRACE}{sampled:d}").payload)
    if candidate.name != EMPTY and TOKEN not in answer:
        raise NotAnsweredError(f"{candidate.name}: {answer[:2000]}")


def of_command_line(variables: Mapping[str, str]) -> Sample:
    """The same call by the AWS CLI; see `in_runtime`."""
    given = {"".join(map(str.title, name.split("_"))): its for name, its in ARGUMENTS.items()}
    command = [str(Path(sys.executable).with_name("aws")), "cognito-identity"]
    command += ["get-open-id-token-for-developer-identity", "--cli-input-json", json.dumps(given)]
    own = {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "PATH": os.environ["PATH"],
    }
    began, began_cpu = time.perf_counter(), _children_cpu()
    finished = subprocess.run(
        command, env={**own, **variables}, capture_output=True, text=True, check=False
    )
    wall, cpu = time.perf_counter() - began, _children_cpu() - began_cpu
    if TOKEN not in finished.stdout:
        raise NotAnsweredError(f"{CLI}: {finished.stderr[-2000:]}")
    return {"cold_ms": wall * 1e3, "cold_cpu_ms": cpu * 1e3}


def _children_cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime
