"""Every door, whatever Cognito does: the contract, played in this process."""

import pytest

from tests.kit.contract import BY_NAME, CASES, Case, holds
from tests.kit.doors import exchange


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_promised(case: Case) -> None:
    seen = exchange(case.event, case.act, principal_tag_claims="department=custom:department")
    holds(case, seen.outcome, seen.written)
    assert bool(seen.cognito.calls) is bool(case.calls)


def test_the_table_meets_every_class_at_every_door() -> None:
    met = {(case.door, case.code) for case in CASES}
    assert met >= {(case.door, code) for case in CASES for code in (None, *BY_NAME)}
