"""Both definitions, read: the names in them are ones that somebody raises."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from openid_token.errors import TokenIssuerError
from tests.template.test_linters import SCRIPTS, lint
from tests.workflow.execution import ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK, ROLE, as_deployed

CONTRACT = {error.__name__: error for error in TokenIssuerError.__subclasses__()}
BOTH = pytest.mark.parametrize("definition", [ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK])


def task(definition: Path) -> dict[str, Any]:
    """The one state that invokes the function."""
    states = yaml.safe_load(definition.read_text())["States"]
    if "ProvisionEachUser" in states:
        states = states["ProvisionEachUser"]["ItemProcessor"]["States"]
    (found,) = [state for state in states.values() if state["Type"] == "Task"]
    return dict(found)


def names(handlers: list[dict[str, Any]]) -> list[str]:
    """What these retriers or catchers match."""
    return [name for handler in handlers for name in handler["ErrorEquals"]]


def test_cfn_lint_knows_every_field_in_them(tmp_path: Path) -> None:
    machines = {
        f"Machine{number}": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"RoleArn": ROLE, "Definition": json.loads(as_deployed(definition))},
        }
        for number, definition in enumerate((ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK))
    }
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"Resources": machines}))
    finished = lint(SCRIPTS / "cfn-lint", "--", str(template))
    assert not finished.stdout
    assert not finished.returncode, finished.stderr


@BOTH
def test_each_error_of_the_contract_is_caught_once_and_nothing_else_is(definition: Path) -> None:
    caught = names(task(definition)["Catch"])
    assert sorted(caught) == sorted(CONTRACT)


@BOTH
def test_what_is_retried_may_pass_by_itself(definition: Path) -> None:
    lambdas, cognitos = (handler["ErrorEquals"] for handler in task(definition)["Retry"])
    assert all(name.startswith("Lambda.") for name in lambdas)
    # The errors of the contract that are answered over HTTP as the service's and not the caller's.
    passing = {name for name, error in CONTRACT.items() if error.status in {429, 502, 503}}
    assert set(cognitos) == passing
