"""Every door of the built package, as the real runtime client serves it: the contract, at each log
level, and what only a real client shows."""

import json
from typing import Any

import pytest

from tests.kit.builders import arguments, sample
from tests.kit.cognito import EXCHANGE, ISSUE, Cognito
from tests.kit.contract import CASES, FAULTS, holds
from tests.kit.doors import Emitted
from tests.kit.runtime import ask
from tools.runtime_api.process import RuntimeProcess

# What is tried again takes its time, and is met by tests/runtime/test_faults.py.
SLOW = ("TooManyRequests", "InternalError")
QUICK = [case for case in CASES if not (case.code or "").startswith(SLOW)]


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_it_ends_as_promised(function: RuntimeProcess, cognito: Cognito, case: Any) -> None:
    function.init()
    before, cognito.act = len(function.logs()), case.act
    outcome = ask(function, case.event)

    holds(case, outcome, Emitted(function.logs()[before:]))


def test_cognito_gets_the_request_signed_and_complete(
    function: RuntimeProcess, cognito: Cognito
) -> None:
    ask(function, sample("direct"))

    [call] = cognito.calls
    assert call.operation == ISSUE
    assert "/eu-central-1/cognito-identity/aws4_request" in call.headers["Authorization"]
    camel = {"".join(map(str.title, n.split("_"))): v for n, v in sample("direct").items()}
    assert call.given == camel


def test_cognito_exchanges_a_token_of_a_minute_unsigned(
    function: RuntimeProcess, cognito: Cognito
) -> None:
    ask(function, sample("user-credentials"))

    issue, exchange = cognito.calls
    assert issue.given["TokenDuration"] == 60
    assert exchange.operation == EXCHANGE
    assert "Authorization" not in exchange.headers


def test_the_runtime_client_reports_the_class_and_no_more(
    function: RuntimeProcess, cognito: Cognito
) -> None:
    cognito.act = FAULTS["InternalFailure"]
    answer = function.invoke(arguments())

    assert answer.error_type == "InternalFailure"
    assert answer.error_message == "The token issuer failed. Its log has the reason."
    assert answer.payload.keys() == {"errorType", "errorMessage", "requestId", "stackTrace"}
    shown = json.dumps(answer.payload)
    for foreign in ("ClientError", "is refused", "botocore", "cognito.py", "raise InternalF"):
        assert foreign not in shown
    assert "the role of user-0815 is refused" in function.logs()
