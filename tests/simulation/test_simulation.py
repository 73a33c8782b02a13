"""The simulation's physics, whatever the settings; and that it models the deployment's."""

import re
from dataclasses import replace

import pytest

from openid_token import cognito
from tests.built import ROOT
from tools.simulation import tables
from tools.simulation.__main__ import written
from tools.simulation.model import End, Settings, Simulation

HTTP = Settings()
DIRECT = replace(HTTP, throttle=None)
SECONDS = 60


@pytest.mark.parametrize("settings", [HTTP, DIRECT, replace(DIRECT, attempts=1)])
def test_just_the_quota_is_issued_and_the_rest_refused(settings: Settings) -> None:
    refused = []
    for times in (0.5, 2, 4):
        run = Simulation(settings, times * settings.quota, SECONDS, seed=1)
        assert run.arrivals == len(run.outcomes)
        assert run.busy == 0
        issued = sum(outcome.end is End.ISSUED for outcome in run.outcomes)
        assert issued == pytest.approx(min(1, times) * settings.quota * SECONDS, rel=0.08)
        refused.append(run.arrivals - issued)

    assert refused[0] == 0
    assert refused[2] == pytest.approx(3 * refused[1], rel=0.1)


def test_attempts_wait_until_the_retry_capacity_ends_them() -> None:
    starved = replace(DIRECT, quota=0.001)
    outcomes = Simulation(starved, 0.5, 2000, seed=1).outcomes
    seconds = [outcome.seconds for outcome in outcomes if outcome.end is End.REFUSED]

    # Backoffs of at most 1 s and 2 s.
    assert max(seconds) < starved.cold + starved.own + 3 * starved.refusal + 1 + 2
    # 500 pay for a hundred retries of an environment; from then on a refusal is final.
    assert seconds[-1] == pytest.approx(starved.own + starved.refusal)


def test_it_models_the_deployments_settings() -> None:
    backends, users = re.findall(
        r"(?s)\n  (?:User)?RequestsPerSecond:\n.*?Default: (\d+)\n",
        (ROOT / "template.yaml").read_text(),
    )
    users_routes = 2
    assert int(backends) + users_routes * int(users) == HTTP.throttle == HTTP.quota
    assert HTTP.attempts == cognito.ATTEMPTS


def test_the_page_has_its_tables() -> None:
    """The same seed gives the same run."""
    page = (ROOT / "docs" / "capacity.md").read_text()

    assert set(re.findall(r"<!-- table: (\w+) -->", page)) == set(tables.ALL)
    assert written(page) == page
