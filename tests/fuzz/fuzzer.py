"""Schemathesis, from outside: it knows the description and the address, and nothing else."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kit.built import ROOT
from tests.kit.serving import Served

_CHECKS = """
# An HTTP API answers a method that has no route with 404, not with 405.
[checks.unsupported_method]
enabled = false

# The local gateway takes everybody for a backend: signatures need AWS.
[[operations]]
include-path = "/token"
[operations.checks.ignored_auth]
enabled = false
[operations.checks.missing_required_header]
enabled = false
"""


@dataclass(frozen=True)
class Report:
    """What came of a run: the cases, the operations that they are of, the phases that ended well,
    and what was found. `found` has no value that was sent or answered; `text` has."""

    cases: int
    operations: int
    phases: set[str]
    found: list[str]
    text: str = field(repr=False)


def fuzz(served: Served, limit: str) -> Report:
    """Send valid and invalid requests to each route; every answer is checked. `limit` is the
    option of Schemathesis that says how many."""
    with tempfile.TemporaryDirectory() as directory:
        # Not in the arguments, which every process can see.
        jwt = f'headers = {{ Authorization = "Bearer {served.jwt("user-4711")}" }}\n'
        Path(directory, "schemathesis.toml").write_text(jwt + _CHECKS)
        Path(directory, "openapi.json").write_text(json.dumps(_of_this_stack(served)))
        report = Path(directory, "report.json")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", "openapi.json"),
            *(f"--url={served.url}", limit, f"--report-json-path={report}"),
            "--phases=examples,coverage,fuzzing",
            *("--seed=7", "--generation-database=none", "--no-color"),
        ]
        run = subprocess.run(
            command,
            cwd=directory,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not report.exists():
            raise RuntimeError(f"schemathesis did not start:\n{run.stdout}")
        found = json.loads(report.read_text(encoding="utf-8"))
    return Report(
        cases=found["test_cases"]["generated"],
        operations=found["operations"]["tested"],
        phases={name for name, phase in found["phases"].items() if phase["status"] == "success"},
        found=[
            *(entry["title"] for entry in [*found["failures"], *found["errors"]]),
            # Else a JWT that no route takes would do: a 401 is described, too.
            *(f"never authorized: {route}" for route in found["warnings"]["missing_auth"]),
        ],
        text=run.stdout,
    )


def _of_this_stack(served: Served) -> dict[str, Any]:
    """The description, which beside any pool's id names the one that this stack has, so that not
    every request is for a foreign pool; and of logins only the one that its pool takes."""
    description, asked = served.json("/openapi.json"), served.arguments()
    schemas = description["components"]["schemas"]
    schemas["PoolId"] = {"anyOf": [{"const": asked["identity_pool_id"]}, schemas["PoolId"]]}
    value, (provider,) = schemas["Logins"]["additionalProperties"], asked["logins"]
    schemas["Arguments"]["required"].append("logins")
    schemas["Arguments"]["properties"]["logins"] = {
        "type": "object",
        "properties": {provider: value},
        "required": [provider],
        "additionalProperties": False,
    }
    return description
