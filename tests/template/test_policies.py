"""The policies that the guides hand out are the ones that they describe."""

from __future__ import annotations

import json
import re
from typing import Any

import botocore.session
from botocore import xform_name

from tests.template.cloudformation import FILE, SOURCE

POLICIES = FILE.parent / "operations" / "policies"


def only_statement(name: str) -> dict[str, Any]:
    policy = json.loads((POLICIES / name).read_text(encoding="utf-8"))
    assert policy["Version"] == "2012-10-17"
    (statement,) = policy["Statement"]
    assert isinstance(statement, dict)
    return statement


def test_the_raw_calls_are_denied_on_one_pool_to_all_but_the_functions_role() -> None:
    statement = only_statement("deny-raw-calls.json")
    pool = r"arn:aws:cognito-identity:([a-z0-9-]+):\d{12}:identitypool/\1:[0-9a-f-]{36}"
    role = statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert statement["Effect"] == "Deny"
    assert re.fullmatch(pool, statement["Resource"])
    assert set(statement) == {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert set(statement["Condition"]) == {"ArnNotEquals"}
    assert re.fullmatch(r"arn:aws:iam::\d{12}:role/openid-token-issuer-IssueTokenRole-\w+", role)
    assert "IssueTokenRole" in SOURCE["Resources"]


def test_they_are_all_calls_about_developer_identities() -> None:
    model = botocore.session.get_session().get_service_model("cognito-identity")
    calls = {name for name in model.operation_names if "_developer_identit" in xform_name(name)}
    denied = only_statement("deny-raw-calls.json")["Action"]
    assert denied == sorted(f"cognito-identity:{name}" for name in calls)


def test_the_names_in_them_are_the_templates() -> None:
    function = SOURCE["Resources"]["IssueTokenFunction"]["Properties"]
    assert function["AutoPublishAlias"] == "live"
    assert SOURCE["Resources"]["TokenApiStage"]["Properties"]["StageName"] == "$default"
    assert SOURCE["Resources"]["TokenRoute"]["Properties"]["RouteKey"] == "POST /token"
