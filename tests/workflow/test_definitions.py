"""Both definitions, read: the names in them are ones that somebody raises."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from openid_token.errors import TokenIssuerError
from tests.workflow.execution import ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK

CONTRACT = {error.__name__: error for error in TokenIssuerError.__subclasses__()}
ISSUE, BULK = (
    yaml.safe_load(file.read_text())["States"] for file in (ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK)
)
TASKS: dict[Path, dict[str, Any]] = {
    ISSUE_TOKEN: ISSUE["IssueToken"],
    ISSUE_TOKENS_IN_BULK: BULK["ProvisionEachUser"]["ItemProcessor"]["States"]["ProvisionIdentity"],
}
BOTH = pytest.mark.parametrize("task", TASKS.values(), ids=[path.name for path in TASKS])


@BOTH
def test_each_error_of_the_contract_is_caught_once_and_nothing_else_is(task: Any) -> None:
    caught = [name for catcher in task["Catch"] for name in catcher["ErrorEquals"]]
    assert sorted(caught) == sorted(CONTRACT)


@BOTH
def test_what_is_retried_may_pass_by_itself(task: Any) -> None:
    lambdas, cognitos = (handler["ErrorEquals"] for handler in task["Retry"])
    assert all(name.startswith("Lambda.") for name in lambdas)
    # The errors of the contract that are answered over HTTP as the service's and not the caller's.
    passing = {name for name, error in CONTRACT.items() if error.status in {429, 502, 503}}
    assert set(cognitos) == passing


def test_each_refusal_by_cognito_ends_in_a_state_of_its_own_name() -> None:
    _, *catchers = TASKS[ISSUE_TOKEN]["Catch"]  # the first reads the function's sentence
    for catcher in catchers:
        [name], ending = catcher["ErrorEquals"], ISSUE[catcher["Next"]]
        assert (ending["Type"], ending["Error"]) == ("Fail", name)
        assert ending["Cause"]
