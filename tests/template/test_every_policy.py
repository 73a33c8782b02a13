"""Each policy of the repository, whether it is deployed, handed out or printed on a page."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.pages import PAGES, blocks
from tests.template.iam import ACCOUNT, can_be_about, each
from tests.template.test_linters import TEMPLATES
from tests.template.test_policies import POLICIES


def _documents() -> Iterator[Any]:
    yield from (json.loads(file.read_text()) for file in POLICIES.glob("*.json"))
    yield from (yaml_parse(file.read_text()) for file in TEMPLATES)
    for page in PAGES:
        yield from (json.loads(text) for text in blocks(page, "json") if '"Effect"' in text)
        yield from (yaml_parse(text) for text in blocks(page, "yaml"))


def _statements(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict) and {"Effect", "Resource"} <= document.keys():
        yield document
    elif isinstance(document, (dict, list)):
        for part in document.values() if isinstance(document, dict) else document:
            yield from _statements(part)


def test_no_action_stands_with_resources_that_it_does_not_take() -> None:
    """Such a statement does nothing, and looks as if it did."""
    judged = set()
    for statement in (found for document in _documents() for found in _statements(document)):
        arns = each(statement["Resource"])
        # cfn-lint judges the ARNs that only a stack knows, and "*" is every resource.
        if "*" in arns or not all(isinstance(arn, str) for arn in arns):
            continue
        # The short form of an API's own policy.
        arns = [re.sub("^execute-api:", f"arn:aws:execute-api:r:{ACCOUNT}:api", a) for a in arns]
        for action in each(statement.get("Action", [])):
            assert any(can_be_about(action, arn) for arn in arns), yaml.safe_dump(statement)
            judged.add(action)
    assert {"execute-api:Invoke", "s3:GetObject", "cognito-identity:UpdateIdentityPool"} <= judged
