"""docs/security.md: who may go around the token issuer, how to see it, and what limits it."""

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from pytest_httpserver import HTTPServer

from tests.docs.pages import CREDENTIALS, OPERATIONS, README, SECURITY, blocks
from tests.template.cloudformation import SOURCE

CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"


def _section(heading: str) -> str:
    return SECURITY.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _allows(policy: dict[str, Any]) -> bool:
    """Without a condition: the one there is is for actions that are no action of Cognito's."""
    for statement in _each(policy["Document"]["Statement"]):
        patterns = _each(statement.get("Action", statement.get("NotAction")))
        named = any(fnmatchcase(CALL.lower(), pattern.lower()) for pattern in patterns)
        allowed = statement["Effect"] == "Allow" and named is ("Action" in statement)
        if allowed and "Condition" not in statement:
            return True
    return False


def test_the_managed_policies_that_allow_the_call_are_these() -> None:
    policies = json.loads(aws_managed_policies_data)
    allowing = {name for name, policy in policies.items() if _allows(policy)}
    listed, _, others = (
        _section("The way around it").partition("**Close it.**")[0].partition("`View")
    )
    assert set(re.findall(r"`([A-Z]\w+)`", listed)) == allowing
    named = set(re.findall(r"`([A-Z]\w+)`", f"`View{others}"))
    assert named == {"ViewOnlyAccess", "SecurityAudit"}
    assert named <= set(policies) - allowing


def test_the_detector_is_a_command_that_the_cli_sends(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_json({})
    [command] = [block for block in blocks(OPERATIONS, "sh") if "put-event-selectors" in block]
    environ = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "AWS_ENDPOINT_URL_CLOUDTRAIL": httpserver.url_for(""),
        "AWS_REGION": "eu-central-1",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "TRAIL": "audit",
    }
    subprocess.run(["bash", "-ec", command], env=environ, capture_output=True, check=True)
    [(request, _)] = httpserver.log
    sent = request.get_json(force=True)
    fields = [
        {field["Field"]: field["Equals"] for field in selector["FieldSelectors"]}
        for selector in sent["AdvancedEventSelectors"]
    ]
    assert sent["TrailName"] == "audit"
    assert fields == [
        {"eventCategory": ["Management"]},
        {"eventCategory": ["Data"], "resources.type": ["AWS::Cognito::IdentityPool"]},
    ]


def test_the_parameters_and_outputs_that_are_named_exist() -> None:
    limits = re.findall(r"^\| (`[^|]*) \|", _section("The limits"), re.MULTILINE)
    named = {*re.findall(r"`(\w+)`", "".join(limits))}
    named |= {*re.findall(r"[`' ]([A-Z][a-z]\w+)=", README.read_text())}
    named |= {*re.findall(r"(?m)^([A-Z]\w+) {2}", CREDENTIALS.read_text())}
    assert len(named) >= 8
    assert named <= set(SOURCE["Parameters"])
    outputs = set(re.findall(r"output\s+`(\w+)`", README.read_text()))
    assert outputs == {"AlarmTopicArn", "DashboardName"}
    assert outputs <= set(SOURCE["Outputs"])
