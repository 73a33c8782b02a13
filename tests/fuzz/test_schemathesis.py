"""Whatever is sent to the local stack, it answers as `docs/openapi.yaml` says.

Schemathesis runs as a command: its form for pytest costs each worker a second, and knows no time
that a run may take.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from openid_token.http_api import ROUTES
from tests.kit.built import ROOT
from tests.kit.serving import Served, serving

CONFIG: Final = Path(__file__).with_name("schemathesis.toml")
# Of `make fuzz`, which shows what is sent. Else a number of cases and no time: a slow machine must
# not do less.
SECONDS: Final = os.environ.get("FUZZ_SECONDS")
LIMIT: Final = f"--max-time={SECONDS}" if SECONDS else "--max-examples=20"


@pytest.mark.timeout(0 if SECONDS else 300)
def test_every_answer_is_as_described_and_each_route_takes_the_jwt() -> None:
    with serving() as served, TemporaryDirectory() as directory:
        report = fuzz(served, Path(directory))
    entries = [*report["failures"], *report["errors"]]
    found = [(entry["title"], entry.get("operations")) for entry in entries]
    assert not found, "`make fuzz` shows the requests"
    ended = {name for name, its in report["phases"].items() if its["status"] == "success"}
    assert ended == {"examples", "coverage", "fuzzing"}, "in so few SECONDS not all is tried"
    # Else a JWT that nobody takes would do: a 401 is described, too.
    rates = report["valid_rates"].items()
    issued = {name for name, its in rates if any(phase["accepted"] for phase in its.values())}
    assert issued == {f"{route.method} {path}" for path, route in ROUTES.items()}


def fuzz(served: Served, directory: Path) -> dict[str, Any]:
    """Schemathesis' report; it knows the description and the address, and nothing else."""
    (directory / "openapi.json").write_text(json.dumps(description(served)))
    report = directory / "report.json"
    command = [str(Path(sys.executable).with_name("schemathesis")), f"--config-file={CONFIG}"]
    command += ["run", "openapi.json", f"--url={served.url}", LIMIT, f"--report-json-path={report}"]
    # Not in the arguments, which every process can see.
    environment = os.environ | {"JWT": served.jwt("user-4711"), "PYTHONPATH": str(ROOT)}
    output = None if SECONDS else subprocess.DEVNULL
    subprocess.run(command, cwd=directory, env=environment, stdout=output, check=False)
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found


def description(served: Served) -> dict[str, Any]:
    """The stack's, which beside any pool's id names the one that this stack has, so that not every
    request is for a foreign pool; and of logins only the one that its pool takes."""
    found, asked = served.json("/openapi.json"), served.arguments()
    schemas = found["components"]["schemas"]
    schemas["PoolId"] = {"anyOf": [{"const": asked["identity_pool_id"]}, schemas["PoolId"]]}
    value, (provider,) = schemas["Logins"]["additionalProperties"], asked["logins"]
    schemas["Arguments"]["required"].append("logins")
    schemas["Arguments"]["properties"]["logins"] = {
        "type": "object",
        "properties": {provider: value},
        "required": [provider],
        "additionalProperties": False,
    }
    return found
