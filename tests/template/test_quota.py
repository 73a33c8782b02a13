"""Cognito's quota, and the defaults that follow from it, wherever they are said."""

import re

import yaml

from tests.kit.template import FILE, SOURCE

CALLS_A_SECOND = 50
# What a call of the bulk workflow is taken to last until somebody has measured it.
SECONDS_A_CALL = 0.1
ROOT = FILE.parent
BULK = ROOT / "statemachine" / "issue_tokens_in_bulk.asl.yaml"
PAGES = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
FILES = {FILE, BULK, ROOT / "operations" / "dashboard.yaml", ROOT / "docs" / "operations.md"}
PARAMETERS = SOURCE["Parameters"]
OPERATIONS = " ".join((ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split())


def test_each_file_says_the_same_quota_or_none() -> None:
    for path in {*FILES, *PAGES}:
        words = re.sub(r"[\s#]+", " ", path.read_text(encoding="utf-8"))
        said = re.findall(r"default quota (?:is|of) (\d+) (?:calls|tokens) a second", words)
        assert set(said) == {str(CALLS_A_SECOND)} or (path not in FILES and not said), path


def test_the_routes_rates_stay_within_it() -> None:
    backends = PARAMETERS["RequestsPerSecond"]["Default"]
    users = PARAMETERS["UserRequestsPerSecond"]["Default"]
    routes_of_users = 2
    assert backends + routes_of_users * users <= CALLS_A_SECOND
    assert f"`RequestsPerSecond` is {backends}, and `UserRequestsPerSecond` {users} " in OPERATIONS


def test_the_bulk_workflow_takes_at_most_half_of_it_and_one_more_child_would_not() -> None:
    children = yaml.safe_load(BULK.read_text())["States"]["ProvisionEachUser"]["MaxConcurrency"]
    half = CALLS_A_SECOND / 2
    assert children / SECONDS_A_CALL <= half < (children + 1) / SECONDS_A_CALL


def test_the_alarms_and_the_page_agree_on_how_many_refusals_are_too_many() -> None:
    alarms = [SOURCE["Resources"][f"{name}Alarm"] for name in ("RequestsRefused", "ApiRefusals")]
    (many,) = {alarm["Properties"]["Threshold"] for alarm in alarms}
    assert f"refused {many} requests or more in five minutes" in OPERATIONS
