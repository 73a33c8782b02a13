"""Schemathesis, from outside: it knows the description and the address, and nothing else."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.built import ROOT
from tests.serving import Served

SEED = 7
# An HTTP API answers a method that has no route with 404, not with 405.
_NOT_OF_AN_HTTP_API = ("unsupported_method",)
# The local bridge takes everybody for a backend: signatures need AWS.
_NOT_OF_THE_BRIDGE = ("ignored_auth", "missing_required_header")


class Report(NamedTuple):
    """What came of one run: the phases that ended well, and what was found. `found` has no value
    that was sent or answered; `text` has."""

    cases: int
    phases: set[str]
    found: list[str]
    text: str


def fuzz(served: Served, path: str, limit: str) -> Report:
    """Send valid and invalid requests to one route; every answer is checked. `limit` is the
    option of Schemathesis that says how many."""
    with tempfile.TemporaryDirectory() as directory:
        description, report = Path(directory, "openapi.json"), Path(directory, "report.json")
        description.write_text(json.dumps(_of_this_stack(served)), encoding="utf-8")
        run = subprocess.run(
            [*_command(served, path, description), limit, f"--report-json-path={report}"],
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
        phases={name for name, phase in found["phases"].items() if phase["status"] == "success"},
        found=[entry["title"] for entry in [*found["failures"], *found["errors"]]],
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


def _command(served: Served, path: str, description: Path) -> list[str]:
    excluded = _NOT_OF_AN_HTTP_API + (_NOT_OF_THE_BRIDGE if path == "/token" else ())
    return [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", str(description)),
        *(f"--url={served.url}", f"--include-path={path}"),
        *("--header", f"Authorization: Bearer {served.jwt('user-4711')}"),
        *("--checks=all", f"--exclude-checks={','.join(excluded)}"),
        *(f"--seed={SEED}", "--generation-database=none", "--no-color"),
    ]
