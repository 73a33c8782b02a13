"""Every fault at a real endpoint, with the function in the real runtime client."""

from pathlib import Path

import pytest

from tests.doors import ERRORS
from tests.runtime import fault_run
from tests.runtime.emulation import written
from tests.runtime.fault_run import LOGIN, TAG, Seen, is_healthy
from tests.runtime.faults import GROUPS, TIMED_OUT

CASES = [(fault.name, door) for group in GROUPS for fault in group.faults for door in group.doors]
DOORS = {"http api": "api", "direct": "direct", "user credentials": "user_credentials"}
BY_NAME = {error.__name__: error() for error in ERRORS}
# Some faults last as long as the function may run.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def seen(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Seen]:
    """All faults, run once."""
    run = fault_run.run(built_package, tmp_path_factory.mktemp("faults"))
    return {(one.fault.name, one.door): one for one in run}


@pytest.fixture(params=CASES, ids=": ".join)
def one(request: pytest.FixtureRequest, seen: dict[tuple[str, str], Seen]) -> Seen:
    """One fault at one door."""
    return seen[request.param]


def test_ends_as_the_contract_says(one: Seen) -> None:
    assert one.outcome.code == one.fault.ends_in
    if one.fault.ends_in is None:
        assert is_healthy(one.door, one.outcome)
        return
    assert one.outcome.detail
    if one.outcome.status is not None:
        error, headers = BY_NAME[one.fault.ends_in], one.outcome.headers
        assert one.outcome.status == error.status
        assert headers["Cache-Control"] == "no-store"
        assert headers.get("Retry-After", "None") == str(error.retry_after_seconds)


def test_asks_as_often_as_it_should(one: Seen) -> None:
    assert one.fault.attempts in {None, one.attempts}


def test_leaves_exactly_one_audit_record(one: Seen) -> None:
    records, ends_in = written(one.log).records, one.fault.ends_in
    if ends_in == TIMED_OUT:
        # Lambda has killed the process; its own line is what is left.
        assert (records, one.outcome.detail[:20]) == ([], "Task timed out after")
        return
    [record] = records
    assert record["outcome"] == ("refused" if ends_in else "issued")
    assert record.get("reason") == ends_in
    assert record["door"] == DOORS[one.door]
    assert record["cognito_ms"] <= record["duration_ms"]


def test_the_next_healthy_call_succeeds(one: Seen) -> None:
    assert one.fresh_environment == (one.fault.ends_in == TIMED_OUT)
    if one.fault.name in {"no credentials", "name does not resolve"}:
        # Lambda gives an environment its keys and its variables before it starts it.
        assert one.after.code == one.outcome.code
    else:
        assert is_healthy(one.door, one.after)


def test_writes_no_value_of_the_request(one: Seen) -> None:
    assert "START" in one.log
    assert LOGIN not in one.log
    assert TAG not in one.log
    assert LOGIN not in one.outcome.detail
