"""What the commands print by themselves holds no secret."""

import json
from typing import Any

import pytest

from tools.local.commands.masking import masked

RESULT = {
    "identity_id": "eu-central-1:66666666-7777-8888-9999-000000000000",
    "logins": {"login.example.com": "canary-login"},
    "principal_tags": {"department": "canary-tag"},
    "token": "canary-token",
}
CREDENTIALS = {
    "AccessKeyId": "ASIAEXAMPLE",
    "SecretAccessKey": "canary-key",
    "Token": "canary-session",
    "Expiration": "2026-11-26T12:36:33Z",
}


@pytest.mark.parametrize("answer", [RESULT, CREDENTIALS])
def test_hides_the_values_and_shows_the_rest(answer: dict[str, Any]) -> None:
    shown = masked(answer)

    assert "canary" not in json.dumps(shown)
    assert shown.keys() == answer.keys()
    assert shown.get("logins", {}).keys() == answer.get("logins", {}).keys()
    for name, value in answer.items():
        assert (shown[name] == value) is ("canary" not in str(value))
    assert masked({"statusCode": 200, "body": json.dumps(answer)})["body"] == shown


@pytest.mark.parametrize("body", ["canary", '"canary', '["canary"]'])
def test_hides_a_body_of_another_kind(body: str) -> None:
    assert "canary" not in json.dumps(masked({"statusCode": 200, "body": body}))


@pytest.mark.parametrize("payload", [None, 7, {"errorType": "X", "errorMessage": "y"}])
def test_leaves_the_rest_as_it_is(payload: Any) -> None:
    assert masked(payload) == payload
