"""The warm call: the CPU time of an environment that has answered before, the network left out."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tools.benchmarks import request
from tools.benchmarks.candidates import Candidate
from tools.benchmarks.cold import NotAnsweredError
from tools.local.runtime import client as runtime

_WORKER: Final = Path(__file__).with_name("warm_worker.py")
_UNREACHABLE: Final = "http://127.0.0.1:9"


def cpu_microseconds(candidate: Candidate, calls: int) -> float:
    """The mean CPU time of `calls` calls, after as many that do not count, in a new process.

    Raises:
        NotAnsweredError: a call failed or gave no token.
    """
    job = {
        "handler": candidate.handler,
        "event": candidate.event,
        "answer": request.ANSWER,
        "token": request.TOKEN,
        "calls": calls,
        "sampled": candidate.sampled,
    }
    package = candidate.package.resolve()
    with tempfile.TemporaryDirectory(prefix="lambda-") as directory:
        runtime.lay_out(Path(directory))
        variables = {
            **runtime.variables(package, candidate.handler, 20, 512),
            **request.variables(_UNREACHABLE),
            "PYTHONPATH": f"{package}:{directory}",
        }
        finished = subprocess.run(
            [runtime.interpreter(), "-BsSP", str(_WORKER)],
            env=variables,
            input=json.dumps(job),
            capture_output=True,
            text=True,
            check=False,
        )
    if finished.returncode:
        raise NotAnsweredError(f"{candidate.name}: {finished.stderr[-2000:]}")
    return float(finished.stdout)
