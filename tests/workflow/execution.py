"""Runs the definitions in LocalStack's ASL interpreter, which moto carries, and which refuses a
field that it does not know."""

import itertools
import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import boto3
import yaml

from tests.kit.acts import Act, Call, Reply, garbage
from tests.kit.lambda_api import ALIAS_ARN
from tools.runtime_api.process import RuntimeProcess

DEFINITIONS = Path(__file__).parents[2] / "statemachine"
ISSUE_TOKEN = DEFINITIONS / "issue_token.asl.yaml"
ISSUE_TOKENS_IN_BULK = DEFINITIONS / "issue_tokens_in_bulk.asl.yaml"

_SUBSTITUTIONS = {"FunctionAliasArn": ALIAS_ARN, "Partition": "aws"}
_ROLE = "arn:aws:iam::123456789012:role/workflow"
_DEADLINE_SECONDS = 60
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Outcome:
    """How an execution ended. `history` is the text of all its events."""

    arn: str
    status: str
    output: Any = field(repr=False)
    error: str | None
    cause: str | None
    history: str = field(repr=False)


def as_deployed(definition: Path) -> str:
    """The definition as SAM deploys it: JSON, with its substitutions made."""
    return substituted(yaml.safe_load(definition.read_text()))


def substituted(definition: object) -> str:
    """The definition's JSON with its substitutions made, as CloudFormation makes them."""
    text = json.dumps(definition)
    for name, value in _SUBSTITUTIONS.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def run(
    definition: str, given: object, kind: Literal["EXPRESS", "STANDARD"] = "EXPRESS"
) -> Outcome:
    """Create a state machine, execute it once, and wait for its end."""
    client = boto3.client("stepfunctions", region_name="eu-central-1")
    # The interpreter knows Map children of the type STANDARD alone. The type decides what AWS
    # keeps of a child, not how its states run.
    known = definition.replace('"ExecutionType": "EXPRESS"', '"ExecutionType": "STANDARD"')
    name = f"workflow-{next(_numbers)}"
    machine = client.create_state_machine(name=name, definition=known, roleArn=_ROLE, type=kind)
    started = client.start_execution(
        stateMachineArn=machine["stateMachineArn"], name=name, input=json.dumps(given)
    )
    return _ended(client, started["executionArn"])


def _ended(client: Any, arn: str) -> Outcome:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while (seen := client.describe_execution(executionArn=arn))["status"] == "RUNNING":
        assert time.monotonic() < deadline, "the execution does not end"
        time.sleep(0.02)
    output = json.loads(seen["output"]) if "output" in seen else None
    events = client.get_execution_history(executionArn=arn)["events"]
    history = json.dumps(events, default=str)
    return Outcome(arn, seen["status"], output, seen.get("error"), seen.get("cause"), history)


def children(outcome: Outcome) -> dict[str, int]:
    """How many child executions of a Distributed Map ended in which way."""
    client = boto3.client("stepfunctions", region_name="eu-central-1")
    [map_run] = client.list_map_runs(executionArn=outcome.arn)["mapRuns"]
    counts = client.describe_map_run(mapRunArn=map_run["mapRunArn"])["executionCounts"]
    return {kind: counts[kind] for kind in ("failed", "succeeded")}


def crash(function: RuntimeProcess) -> Act:
    """No answer of Cognito's: the function's process is killed while it waits for one."""

    def kill(call: Call) -> Reply:
        os.kill(function.pid, signal.SIGKILL)
        return garbage(call)

    return kill
