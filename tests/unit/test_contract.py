"""Every door, whatever Cognito does: the contract, played in this process."""

import pytest

from openid_token.door import Door
from openid_token.http_api import ROUTES
from tests.kit.contract import BY_NAME, CASES, DOORS, Case, holds
from tests.kit.doors import play


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_ends_as_promised(case: Case) -> None:
    holds(case, play(case.event, case.act, principal_tag_claims="department=custom:department"))


def test_the_table_meets_every_class_at_every_door() -> None:
    met = {(case.door, case.code) for case in CASES}
    assert met >= {(door, code) for door in Door for code in (None, *BY_NAME)}
    assert {door.path for door in DOORS.values()} == {None, *ROUTES}
