"""The definitions and the pages' snippets, read: somebody raises the names in them."""

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import yaml

from openid_token.errors import TokenIssuerError
from tests.kit.pages import ROOT, blocks
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
_GUIDE = ROOT / "docs" / "step-functions.md"
_GUIDES, IOT = map(yaml.safe_load, blocks(_GUIDE, "yaml"))
JSONPATH = _GUIDES["States"]["IssueToken"]
_JSONATA, *_ = map(json.loads, blocks(_GUIDE, "json"))
SNIPPETS = {"JSONPath": JSONPATH, "JSONata": _JSONATA | {"Retry": JSONPATH["Retry"]}}
WITH_SNIPPETS = pytest.mark.parametrize(
    "task", [*TASKS.values(), *SNIPPETS.values()], ids=[*(path.name for path in TASKS), *SNIPPETS]
)
_INVOKE = botocore.session.get_session().get_service_model("lambda").operation_model("Invoke")
# The errors of Lambda's Invoke as Step Functions calls them, with their HTTP status ...
INVOKES = {f"Lambda.{e.name}": e.metadata["error"]["httpStatusCode"] for e in _INVOKE.error_shapes}
# ... and those that are not tried again, and why.
LASTS = {
    "the caller's or the deployment's mistake": "InvalidParameterValue InvalidRequestContent "
    "InvalidRuntime InvalidSecurityGroupID InvalidSubnetID InvalidZipFile ModeNotSupported "
    "NoPublishedVersion RecursiveInvocation RequestTooLarge ResourceNotFound "
    "SerializedRequestEntityTooLarge UnsupportedMediaType",
    "a right that is missing": "EC2AccessDenied KMSAccessDenied",
    "a key's state, which its owner changes": "KMSDisabled KMSInvalidState KMSNotFound",
    "a quota that is raised on request": "ServiceQuotaExceeded",
    "until the function is changed": "CodeArtifactUserFailed SnapStart",
    "not this function: no file system, not durable": "EFSIO EFSMountConnectivity EFSMountFailure "
    "EFSMountTimeout S3FilesMountConnectivity S3FilesMountFailure S3FilesMountTimeout "
    "DurableExecutionAlreadyStarted",
}


@BOTH
def test_each_error_of_the_contract_is_caught_once_and_nothing_else_is(task: Any) -> None:
    caught = [name for catcher in task["Catch"] for name in catcher["ErrorEquals"]]
    assert sorted(caught) == sorted(CONTRACT)


@WITH_SNIPPETS
def test_what_is_retried_may_pass_by_itself(task: Any) -> None:
    retried = [name for retrier in task["Retry"] for name in retrier["ErrorEquals"]]
    assert len(retried) == len(set(retried))
    # The errors of the contract that are answered over HTTP as the service's and not the caller's.
    passing = {name for name, error in CONTRACT.items() if error.status in {429, 502, 503}}
    assert {name for name in retried if "." not in name} == passing
    lasting = {f"Lambda.{name}Exception" for names in LASTS.values() for name in names.split()}
    # Step Functions' own names for what its call of Lambda ends in.
    own = {"ClientExecutionTimeout", "AWSLambda", "SdkClient"}
    assert {*retried} - passing == INVOKES.keys() - lasting | {
        f"Lambda.{name}Exception" for name in own
    }
    assert lasting < INVOKES.keys()


def test_each_refusal_by_cognito_ends_in_a_state_of_its_own_name() -> None:
    _, *catchers = TASKS[ISSUE_TOKEN]["Catch"]  # the first reads the function's sentence
    for catcher in catchers:
        [name], ending = catcher["ErrorEquals"], ISSUE[catcher["Next"]]
        assert (ending["Type"], ending["Error"]) == ("Fail", name)
        assert ending["Cause"]
