"""`make run` as a person sees it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.built import ROOT


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.local.commands.run", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_shows_every_door_and_no_secret(built_package: Path) -> None:
    done = _run("--package", built_package)

    assert done.returncode == 0, done.stderr
    for event in (ROOT / "events").glob("*.json"):
        assert f"== events/{event.name}: " in done.stdout
    assert '"by": "container-role"' in done.stdout
    assert "All as expected." in done.stdout
    assert ("eyJ" in done.stdout, "user-4711" in done.stdout) == (False, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--event", "events/none.json"], "events/none.json can't be read: No such file"),
        (["--package", "docs"], "docs is not a built package"),
        (["--pool", "eu-central-1:1", "--provider", ""], "with POOL, PROVIDER must be"),
    ],
)
def test_says_in_one_line_what_to_put_right(
    built_package: Path, arguments: list[str], said: str
) -> None:
    done = _run("--package", built_package, *arguments)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
