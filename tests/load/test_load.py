"""The load run, for a few seconds; and that it tells a crossed answer from the right one."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.built import ROOT
from tools.load import mix
from tools.load.memory import Counted
from tools.load.mix import CROSSED, MIX, UNEXPECTED, Ask
from tools.load.report import problems
from tools.load.run import Outcome
from tools.local.cognito.embedded import PROVIDER
from tools.quick_cognito.answers import credentials_of, identity_of, token_of

USER = "user-1"


def load(package: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.load", f"--package={package}", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.timeout(180)
def test_a_short_run_loses_and_crosses_nothing(built_package: Path) -> None:
    done = load(built_package, "--seconds=10", "--environments=2", "--users=4")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No answer was lost, crossed or unexpected." in done.stdout
    assert len(re.findall(r"^environment \d: [1-9]", done.stdout, re.MULTILINE)) == 2


def test_what_can_not_run_says_so(tmp_path: Path) -> None:
    for option, said in (("--seconds=0", "between 1 and 3600"), ("--seconds=1", "not a built")):
        done = load(tmp_path, option)
        assert done.returncode == 2
        assert said in done.stderr


def answered(asked: Ask) -> tuple[int, Any]:
    """What the function answers, with the quick Cognito behind it."""
    given = json.loads(asked.body)
    if unknown := [name for name in given if name.startswith("x_")]:
        return 400, {"code": "InvalidParameterException", "detail": f"{unknown[0]} is not one"}
    if asked.as_user:
        given |= {"logins": {PROVIDER: USER}, "principal_tags": {"department": f"team-{USER}"}}
    logins, tags = given["logins"], given["principal_tags"]
    token = token_of(logins, tags, given["token_duration"])
    return 200, {**given, "identity_id": identity_of(logins), "token": token}


@pytest.mark.parametrize(
    "make",
    [
        lambda: mix.backend("/direct", execution_id=mix.EXECUTION),
        lambda: mix.signed_in(USER),
        lambda: mix.unknown_argument("/token"),
    ],
)
def test_an_answer_is_told_from_another_requests(make: Callable[[], Ask]) -> None:
    asked, other = make(), make()

    assert asked.problem(*answered(asked)) is None
    assert asked.problem(*answered(other)) == CROSSED
    assert asked.problem(500, {"message": "Internal Server Error"}) == UNEXPECTED
    assert asked.problem(0, None) == UNEXPECTED


def test_each_request_of_the_mix_is_for_a_door() -> None:
    asked = {name: make(USER) for name, (_, make) in MIX.items()}

    assert {one.path for one in asked.values()} >= {"/token", "/me/token", "/me/credentials"}
    assert len({one.body for one in asked.values()}) == len(asked)


def test_the_credentials_are_told_from_another_users() -> None:
    given = credentials_of(token_of({PROVIDER: USER}, {"department": f"team-{USER}"}, 60))
    body = {"SecretAccessKey": given["SecretKey"], "Token": given["SessionToken"], **given}
    body["Expiration"] = f"{datetime.fromtimestamp(given['Expiration'], UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert mix.credentials(USER).problem(200, body) is None
    assert mix.credentials("user-2").problem(200, body) == CROSSED


def test_the_verdict_counts_at_both_ends() -> None:
    good = {"sent": 9, "answered": 9, "invoking": 8, "issued": 5}
    environments = [Counted(environment=None, invocations=5)] * 2  # type: ignore[arg-type]
    for wrong, said in (
        ({}, []),
        ({"answered": 8}, ["1 of 9 requests got no answer"]),
        ({"invoking": 7}, ["7 requests made 8 invocations"]),
        ({"issued": 4}, ["4 tokens arrived of 5 that were issued"]),
    ):
        results = {"counted": {**good, **wrong}, "problems": {}}
        assert problems(Outcome(results, environments, warm_ups=2, issued=7)) == said


def test_growth_is_told_from_noise() -> None:
    counted = Counted(environment=None, invocations=4000)  # type: ignore[arg-type]
    assert counted.kilobytes_a_thousand is None
    counted.samples = [(n, 50_000_000 + 100 * n) for n in range(0, 4000, 100)]

    assert counted.kilobytes_a_thousand == pytest.approx(100)
    assert counted.largest_megabytes == pytest.approx(50.39)
