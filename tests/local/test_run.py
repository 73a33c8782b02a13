"""`make run` and `make serve` as a person sees them."""

import importlib.metadata
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.built import ROOT
from tools.local.commands.demonstration import Step
from tools.local.commands.run import _show, run
from tools.local.commands.serve import serve
from tools.local.commands.showing import written
from tools.local.commands.stack import CannotRunError
from tools.local.samples import DIRECTORY, POOL
from tools.local.web import server

Capture = pytest.CaptureFixture[str]
PROGRAM = "import runpy; runpy.run_module('tools.local.commands.run', run_name='__main__')"
# What a Mac has: its own platform, no runtime client, and a package that is for Linux.
MAC = "import sys, urllib.request; sys.platform = 'darwin'; sys.modules['awslambdaric'] = None; "


def _run(package: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", before + PROGRAM, str(package)]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("machine", ["Linux", "Mac"])
def test_shows_every_door_and_no_secret(built_package: Path, tmp_path: Path, machine: str) -> None:
    if machine == "Linux":
        done = _run(built_package)
        assert done.stdout.startswith("The built package, in a process of its own.")
    else:
        for entry in built_package.iterdir():
            if entry.name != "msgspec":
                (tmp_path / entry.name).symlink_to(entry)
        done = _run(tmp_path, before=MAC)
        assert done.stdout.startswith("The sources in src/, in a process of its own: the built")

    assert done.returncode == 0, done.stderr
    for event in (ROOT / "events").glob("*.json"):
        assert f"== events/{event.name}: " in done.stdout
    assert '"by": "container-role"' in done.stdout
    assert "Cognito is embedded" in done.stdout
    records = [json.loads(found) for found in re.findall("\nrecord: (.*)", done.stdout)]
    assert len(records) == done.stdout.count("\n== ") == done.stdout.count("\n-- as expected: ")
    # Of each only what is decided.
    assert {next(iter(record)) for record in records} == {"outcome"}
    assert "All as expected.\n\nNext: `make serve`" in done.stdout
    assert ("eyJ" in done.stdout, "user-4711" in done.stdout) == (False, False)


def test_an_event_is_answered_legibly_and_one_for_another_pool_is_told_which_to_take(
    built_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    own, text = tmp_path / "own.json", (DIRECTORY / "http-api.json").read_text()
    monkeypatch.setenv("EVENT", str(own))
    for pool, status in ((POOL.replace("1", "2"), 1), (POOL, 0)):
        own.write_text(text.replace(POOL, pool))
        assert run(built_package) == status
        said = capsys.readouterr()
        assert (f"In an event, {POOL} stands for" in said.err) is bool(status)
    answer, _, record = said.out.partition("\n")[2].partition("\nrecord: ")
    assert json.loads(record)["outcome"] == "issued"
    body = json.loads(answer)["body"]
    assert (body["token_duration"], body["token"][:3]) == (900, "eyJ")


def test_what_fails_reads_forwards_and_shows_no_secret(capsys: Capture) -> None:
    secrets = dict.fromkeys(("token", "Token", "SecretAccessKey"), "canary")
    maps = {name: {"its name": "canary"} for name in ("logins", "principal_tags")}
    body = {"AccessKeyId": "ASIA", **secrets, **maps}
    assert not _show(Step("title", 500, body, "a token", is_as_expected=False), "a traceback")
    said = capsys.readouterr().out
    assert said.endswith("\na traceback\n-- FAILED, expected: a token\n")
    assert all(f'"{name}": ' in said for name in body)
    assert ("canary" in said, said.count('"its name"'), "ASIA" in said) == (False, 2, True)


def test_a_log_line_that_is_no_record_is_shown_as_it_is() -> None:
    own = ['"outcome": x', '{"outcome": 1}', "[" * 100_000, "plain"]
    record = '{"level": "INFO", "outcome": "issued", "door": "http", "xray_trace_id": "1"}'
    log = "\n".join([*own, '{"_aws": {}}', record])
    assert [*written(log)] == [*own, 'record: {"outcome": "issued", "door": "http"}']


def test_what_to_put_right_is_one_line() -> None:
    done = _run(Path("docs"))

    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("docs is not a built package")


@pytest.mark.parametrize(
    ("command", "variables", "said"),
    [
        (run, {"EVENT": "events/none.json"}, "events/none.json can't be read: No such file"),
        (run, {"EVENT": "Makefile"}, "Makefile is not JSON: "),
        (run, {"POOL": "eu-central-1:1", "PROVIDER": ""}, "with POOL, PROVIDER must be"),
        (
            run,
            {"POOL": "x", "PROVIDER": "x"},
            "POOL must be an identity pool's id, of the form REG",
        ),
        (run, {"POOL": "eu-central-1:1", "PROVIDER": "a b"}, "PROVIDER must be the pool's"),
        (serve, {"PORT": "abc"}, "PORT must be a number between 0 and 65535"),
        (serve, {"PORT": "65536"}, "PORT must be a number between 0 and 65535"),
        (serve, {"PORT": "9" * 5000}, "PORT must be a number between 0 and 65535"),
        (serve, {"PORT": "0", "AUTHORIZER": "none.py"}, "AUTHORIZER=none.py is not there"),
    ],
)
def test_says_what_to_put_right(
    built_package: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[[Path], int],
    variables: dict[str, str],
    said: str,
) -> None:
    monkeypatch.chdir(ROOT)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotRunError) as error:
        command(built_package)
    assert str(error.value).startswith(said)


def test_a_port_that_is_taken_is_said(built_package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = r"^port \d+ can't be used: Address already in use"
    with server.opened() as listening:
        monkeypatch.setenv("PORT", str(listening.getsockname()[1]))
        with pytest.raises(CannotRunError, match=said):
            serve(built_package)


SIGN_INS = {
    "expired": (
        "[profile p]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = eu-central-1\nsso_start_url = https://x.example"
    ),
    "aws login": "[profile p]\nlogin_session = arn:aws:sts::1:assumed-role/r/s",
}


@pytest.mark.parametrize("kind", SIGN_INS)
def test_a_way_to_sign_in_that_fails_is_one_line(
    built_package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    (tmp_path / "config").write_text(SIGN_INS[kind])
    named = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_PROFILE": "p"}
    away = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "")
    pool = {"POOL": "eu-central-1:1", "PROVIDER": "x", "HOME": str(tmp_path)}
    for name, value in (named | away | pool).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotRunError, match=r"^with POOL, .*$") as error:
        run(built_package)
    assert "awscrt" not in str(error.value)


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
