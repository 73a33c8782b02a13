"""The cold start: a new execution environment, from nothing to its first answer."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.benchmarks import request
from tools.benchmarks.candidates import EMPTY, Candidate
from tools.local.runtime.client import REGION
from tools.local.runtime.emulator import emulated

_PEAK: Final = re.compile(r"(?m)^VmHWM:\s+(\d+) kB$")


class NotAnsweredError(Exception):
    """A candidate did not answer with the token, so its time means nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One start. The time is the caller's, with the runtime client's own start in it."""

    milliseconds: float
    peak_megabytes: float


def start(candidate: Candidate, endpoint: str) -> Sample:
    """Start `candidate` once.

    Raises:
        NotAnsweredError: the answer holds no token.
    """
    variables = request.variables(endpoint)
    with emulated(candidate.package, variables, handler=candidate.handler) as environment:
        answer = environment.invoke(candidate.event)
        peak = _PEAK.search(Path(f"/proc/{environment.pid}/status").read_text())
    token = None if candidate.name == EMPTY else request.TOKEN
    if answer.error_type or (token and token not in json.dumps(answer.payload)):
        raise NotAnsweredError(f"{candidate.name}: {answer.error_type or 'no token'}")
    return Sample(answer.milliseconds, int(peak[1]) * 1024 / 1e6 if peak else 0)


def command_line(endpoint: str) -> float:
    """Make the same call with the AWS CLI; how long the process took, in milliseconds.

    Raises:
        NotAnsweredError: it printed no token.
    """
    began = time.perf_counter()
    finished = subprocess.run(
        _command(), env=_variables(endpoint), capture_output=True, text=True, check=False
    )
    milliseconds = (time.perf_counter() - began) * 1000
    if request.TOKEN not in finished.stdout:
        raise NotAnsweredError(f"the AWS CLI ended with {finished.returncode}")
    return milliseconds


def _command() -> list[str]:
    arguments = request.ARGUMENTS
    return [
        str(Path(sys.executable).parent / "aws"),
        "cognito-identity",
        "get-open-id-token-for-developer-identity",
        *("--identity-pool-id", arguments["identity_pool_id"]),
        *("--logins", json.dumps(arguments["logins"])),
        *("--principal-tags", json.dumps(arguments["principal_tags"])),
        *("--token-duration", str(arguments["token_duration"])),
    ]


def _variables(endpoint: str) -> Mapping[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY": endpoint,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": os.environ["PATH"],
    }
