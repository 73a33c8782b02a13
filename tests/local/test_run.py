"""`make run` and `make serve` as a person sees them."""

import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.built import ROOT

PROGRAM = "import runpy; runpy.run_module('tools.local.commands.{}', run_name='__main__')"
# What a Mac has: its own platform, no runtime client, and a package that is for Linux.
MAC = "import sys, urllib.request; sys.platform = 'darwin'; sys.modules['awslambdaric'] = None; "


def _run(
    package: Path, command: str = "run", before: str = "", **variables: str
) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", before + PROGRAM.format(command), str(package)]
    return subprocess.run(
        program,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def _everything(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    for event in (ROOT / "events").glob("*.json"):
        assert f"== events/{event.name}: " in done.stdout
    assert '"by": "container-role"' in done.stdout
    assert "All as expected.\n\nNext: `make serve`" in done.stdout
    assert ("eyJ" in done.stdout, "user-4711" in done.stdout) == (False, False)


def test_shows_every_door_and_no_secret(built_package: Path) -> None:
    done = _run(built_package)

    _everything(done)
    assert done.stdout.startswith("The built package, in a process of its own.")


def test_shows_the_same_on_a_mac(built_package: Path, tmp_path: Path) -> None:
    for entry in built_package.iterdir():
        if entry.name != "msgspec":
            (tmp_path / entry.name).symlink_to(entry)
    done = _run(tmp_path, before=MAC)

    _everything(done)
    assert done.stdout.startswith("The sources in src/, in a process of its own: the built package")


def test_an_event_is_answered_legibly(built_package: Path) -> None:
    done = _run(built_package, EVENT="events/http-api.json")

    assert json.loads(done.stdout.partition("\n")[2])["body"]["token_duration"] == 900


@pytest.mark.parametrize(
    ("command", "variables", "said"),
    [
        ("run", {"EVENT": "events/none.json"}, "events/none.json can't be read: No such file"),
        ("run", {"POOL": "eu-central-1:1", "PROVIDER": ""}, "with POOL, PROVIDER must be"),
        ("serve", {"PORT": "abc"}, "PORT must be a number between 0 and 65535"),
        ("serve", {"PORT": "70000"}, "port 70000 can't be used: it must be between 0 and 65535"),
        ("serve", {"PORT": "0", "AUTHORIZER": "none.py"}, "AUTHORIZER must be a Python file"),
    ],
)
def test_says_in_one_line_what_to_put_right(
    built_package: Path, command: str, variables: dict[str, str], said: str
) -> None:
    done = _run(built_package, command, **variables)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert said in done.stderr


def test_what_is_no_package_is_said() -> None:
    assert _run(Path("docs")).stderr.startswith("docs is not a built package")


SIGN_INS = {
    "expired": (
        "[profile p]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = eu-central-1\nsso_start_url = https://x.example"
    ),
    "a process that fails": "[profile p]\ncredential_process = /bin/false",
    "no source": "[profile p]\nrole_arn = arn:aws:iam::1:role/r",
    "aws login": "[profile p]\nlogin_session = arn:aws:sts::1:assumed-role/r/s",
}


@pytest.mark.parametrize("kind", SIGN_INS)
def test_a_way_to_sign_in_that_fails_is_one_line(
    built_package: Path, tmp_path: Path, kind: str
) -> None:
    config = tmp_path / "config"
    config.write_text(SIGN_INS[kind])
    named = {"AWS_CONFIG_FILE": str(config), "AWS_PROFILE": "p", "HOME": str(tmp_path)}
    away = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")
    done = _run(built_package, POOL="eu-central-1:1", PROVIDER="x", **named, **away)

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert done.stderr.startswith("with POOL, ")
    assert "awscrt" not in done.stderr


def test_what_running_takes_is_there_for_a_mac() -> None:
    """Each pinned package has a wheel for macOS on arm64, or one for every machine."""
    uv = Path(sys.executable).with_name("uv")
    lock = ROOT / "tools" / "requirements" / "run.txt"
    options = ["--dry-run", "--no-deps", "--only-binary", ":all:", "--target", "/nowhere"]
    mac = ["--python-platform", "aarch64-apple-darwin", "--python-version", "3.13"]
    done = subprocess.run(
        [uv, "pip", "install", *options, *mac, "--require-hashes", "-r", lock],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "awslambdaric" not in lock.read_text()
    assert importlib.metadata.version("awslambdaric")
