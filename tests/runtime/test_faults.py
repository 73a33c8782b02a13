"""Every fault at a real endpoint, with the function in the real runtime client.

`python -m pytest tests/runtime/test_faults.py -k table -rP` prints the table of all of them.
"""

from pathlib import Path

import pytest

from openid_token.cognito import DEADLINE_SECONDS
from openid_token.errors import ANSWERS
from tests.runtime import fault_run
from tests.runtime.emulation import TIMEOUT_SECONDS
from tests.runtime.fault_run import LOGIN, TAG, Seen, is_healthy
from tests.runtime.faults import GROUPS, Fault

FAULTS = [fault for group in GROUPS for fault in group]
# What a cold start and a busy machine may add to the seconds of a call.
_MARGIN_SECONDS = 4


@pytest.fixture(scope="module")
def seen(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Seen]:
    """All faults, run once."""
    run = fault_run.run(GROUPS, built_package, tmp_path_factory.mktemp("faults"))
    return {(one.fault.name, one.door): one for one in run}


@pytest.fixture(params=list(fault_run.EVENTS))
def one(request: pytest.FixtureRequest, fault: Fault, seen: dict[tuple[str, str], Seen]) -> Seen:
    """The fault at one door."""
    return seen[fault.name, request.param]


each_fault = pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)


@each_fault
def test_ends_in_the_contracts_class(one: Seen) -> None:
    if one.fault.ends_in is None:
        assert is_healthy(one.outcome)
        return
    assert one.outcome.code == one.fault.ends_in.__name__
    assert one.outcome.detail
    if one.door == "http api":
        assert one.outcome.status == ANSWERS[one.fault.ends_in].status
        assert one.outcome.headers["Cache-Control"] == "no-store"


@each_fault
def test_ends_in_time(one: Seen) -> None:
    assert one.seconds < min(DEADLINE_SECONDS + _MARGIN_SECONDS, TIMEOUT_SECONDS)


@each_fault
def test_asks_as_often_as_it_should(one: Seen) -> None:
    assert one.fault.attempts in {None, one.attempts}


@each_fault
def test_leaves_exactly_one_audit_record(one: Seen) -> None:
    [record] = one.records

    wanted = one.fault.ends_in
    assert record["outcome"] == ("refused" if wanted else "issued")
    assert record.get("reason") == (wanted.__name__ if wanted else None)
    assert record["door"] == ("api" if one.door == "http api" else "direct")
    assert record["cognito_ms"] <= record["duration_ms"]


@each_fault
def test_the_next_healthy_call_on_the_environment_succeeds(one: Seen) -> None:
    assert one.same_process
    if one.fault.name == "no credentials":
        # Lambda gives an environment its keys before it starts it, and never later.
        assert one.after.code == one.outcome.code
    else:
        assert is_healthy(one.after)


@each_fault
def test_writes_no_value_of_the_request(one: Seen) -> None:
    assert "function_request_id" in one.log
    assert LOGIN not in one.log
    assert TAG not in one.log
    assert LOGIN not in one.outcome.detail


def test_table(seen: dict[tuple[str, str], Seen]) -> None:
    print(f"\n{'fault':44} {'class':40} {'status':>6} {'attempts':>8} {'seconds':>15}")
    for fault in FAULTS:
        http, direct = seen[fault.name, "http api"], seen[fault.name, "direct"]
        name = fault.ends_in.__name__ if fault.ends_in else "(issued)"
        attempts = http.attempts if fault.attempts else "-"
        seconds = f"{http.seconds:6.2f} {direct.seconds:6.2f}"
        print(f"{fault.name:44} {name:40} {http.outcome.status:>6} {attempts:>8} {seconds:>15}")
    assert len(seen) == 2 * len(FAULTS)
