"""What the commands print by themselves holds no secret."""

import json
from typing import Any

import pytest

from tools.local.commands.masking import masked

RESULT = {
    "identity_pool_id": "eu-central-1:11111111-2222-3333-4444-555555555555",
    "identity_id": "eu-central-1:66666666-7777-8888-9999-000000000000",
    "logins": {"login.example.com": "canary-login"},
    "principal_tags": {"department": "canary-tag"},
    "token_duration": 900,
    "token": "canary-token",
}
SHOWN = {
    **RESULT,
    "logins": {"login.example.com": "<not shown>"},
    "principal_tags": {"department": "<not shown>"},
    "token": "<12 characters, not shown>",
}


def test_masks_a_result() -> None:
    assert masked(RESULT) == SHOWN


def test_masks_and_opens_the_body_of_an_http_answer() -> None:
    answer = {"statusCode": 200, "body": json.dumps(RESULT)}

    assert masked(answer) == {"statusCode": 200, "body": SHOWN}


@pytest.mark.parametrize("body", ["canary", '"canary', '["canary"]'])
def test_hides_a_body_of_another_kind(body: str) -> None:
    assert "canary" not in json.dumps(masked({"statusCode": 200, "body": body}))


@pytest.mark.parametrize("payload", [None, 7, {"errorType": "X", "errorMessage": "y"}])
def test_leaves_the_rest_as_it_is(payload: Any) -> None:
    assert masked(payload) == payload
