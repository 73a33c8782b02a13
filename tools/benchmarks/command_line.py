"""The same call by the AWS CLI, as a whole process."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from tools.benchmarks import request
from tools.benchmarks.candidates import CLI
from tools.benchmarks.environment import NotAnsweredError, Sample
from tools.local.runtime.client import REGION


def sample(variables: Mapping[str, str]) -> Sample:
    """Make the call once; see `environment.sample`.

    Raises:
        NotAnsweredError: it printed no token.
    """
    began, began_cpu = time.perf_counter(), _cpu()
    finished = subprocess.run(
        _command(), env={**_environment(), **variables}, capture_output=True, text=True, check=False
    )
    wall, cpu = time.perf_counter() - began, _cpu() - began_cpu
    if request.TOKEN not in finished.stdout:
        raise NotAnsweredError(f"{CLI}: {finished.stderr[-2000:]}")
    return {"cold_ms": wall * 1e3, "cold_cpu_ms": cpu * 1e3}


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


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


def _environment() -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": os.environ["PATH"],
    }
