"""Every door of the built package, as the real runtime client serves it: the contract, and what
only a real client shows."""

import json

import pytest

from tests.kit.acts import Act, issues
from tests.kit.builders import arguments
from tests.kit.cognito import Cognito
from tests.kit.contract import CASES, FAULTS, Case, holds
from tests.kit.doors import Emitted, Seen, play
from tests.kit.runtime import ask
from tools.runtime_api.process import RuntimeProcess

# What is tried again takes its time, and is met by tests/runtime/test_faults.py.
SLOW = ("TooManyRequests", "InternalError")
QUICK = [case for case in CASES if not (case.code or "").startswith(SLOW)]


def played(function: RuntimeProcess, cognito: Cognito, event: object, act: Act = issues) -> Seen:
    """One event at the environment, which is up by then."""
    function.init()
    before, cognito.act = len(function.logs()), act
    outcome = ask(function, event)
    return Seen(outcome, Emitted(function.logs()[before:]), cognito)


@pytest.mark.parametrize("case", QUICK, ids=lambda case: case.name)
def test_it_ends_as_promised(function: RuntimeProcess, cognito: Cognito, case: Case) -> None:
    holds(case, played(function, cognito, case.event, case.act))


def test_a_record_is_of_the_same_form_as_in_the_other_tiers(
    function: RuntimeProcess, cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They play the runtime's context, and compare the pages with what comes of that."""
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-a-b")
    here, there = play(arguments()), played(function, cognito, arguments())

    assert {name: type(value) for name, value in here.record.items()} == {
        name: type(value) for name, value in there.record.items()
    }


def test_the_runtime_client_reports_the_class_and_no_more(
    function: RuntimeProcess, cognito: Cognito
) -> None:
    cognito.act = FAULTS["InternalFailure"]
    answer = function.invoke(arguments())

    assert answer.error_type == "InternalFailure"
    assert answer.payload.keys() == {"errorType", "errorMessage", "requestId", "stackTrace"}
    shown = json.dumps(answer.payload)
    for foreign in ("ClientError", "is refused", "botocore", "cognito.py", "raise InternalF"):
        assert foreign not in shown
    assert "the role of user-0815 is refused" in function.logs()
