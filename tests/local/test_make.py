"""make does what the Makefile says, whatever this shell and the command line hold."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.kit.built import ARCHITECTURE, ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^(?!clean)([a-z-]+):.*## ", MAKEFILE, re.MULTILINE)
# What the Makefile assigns, and what it hands on.
ASSIGNED = set(re.findall(r"^(?:(?:[a-z]+: )?export )?([A-Z_]+) [:?]?=", MAKEFILE, re.MULTILINE))
HANDED_ON = set(re.findall(r"^export ([A-Z_ ]+)$", MAKEFILE, re.MULTILINE)[0].split())
GIVEN = HANDED_ON | {"SECONDS"}
STUB = "#!/bin/sh\nenv >>said\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One whose commands only say what variables they got; all is installed and built."""
    for name in ("Makefile", "src/requirements.txt", "tools/requirements"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "tools/packager").mkdir()
    for command in ("python", "python3.13", "uv", "ruff", "mypy"):
        stub = tmp_path / ".venv/bin" / command
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(STUB)
        stub.chmod(0o755)
    for venv in ("", "-scan", "-deployed", "-neighbours"):
        (tmp_path / f".venv{venv}").mkdir(exist_ok=True)
        for made in (".run", ".ready"):
            (tmp_path / f".venv{venv}" / made).touch()
    (tmp_path / ".build/package" / ARCHITECTURE).mkdir(parents=True)
    return tmp_path


def made(checkout: Path, *words: str, **variables: str) -> str:
    """The variables that the commands of some targets got, and nothing else was run."""
    command, given = ["make", "--keep-going", *words], os.environ | variables
    subprocess.run(command, cwd=checkout, env=given, capture_output=True, check=False)
    assert not list(checkout.glob("hit*")), words
    said = checkout / "said"
    found = said.read_text() if said.exists() else ""
    said.unlink(missing_ok=True)
    return found


def test_a_value_is_text(checkout: Path) -> None:
    values = {n: f"$(shell touch hit-{n})$$(touch hit-{n})`touch hit-{n}`" for n in GIVEN}
    words = [f"{name}={value}" for name, value in values.items()]
    for said in (made(checkout, *TARGETS, **values), made(checkout, *TARGETS, *words)):
        for name in HANDED_ON - {"POOL"} | {"FUZZ_SECONDS"}:
            assert f"\n{name}={values[name.removeprefix('FUZZ_')]}\n" in said


def test_a_pool_is_the_command_lines(checkout: Path) -> None:
    """The guides have one exported: nobody's run goes to AWS for that."""
    assert "\nPOOL=" not in made(checkout, "run", POOL="eu-central-1:0")
    assert "\nPOOL=eu-central-1:0\n" in made(checkout, "run", "POOL=eu-central-1:0")


def test_of_the_makefiles_own_names_too(checkout: Path) -> None:
    for name in ASSIGNED - GIVEN:
        value = f"$(shell touch hit-{name})"
        made(checkout, "help", **{name: value})
        made(checkout, "help", f"{name}={value}")
        made(checkout, "--dry-run", "--always-make", *TARGETS, "clean", f"{name}={value}")


def test_other_settings_of_the_shell_end_here(checkout: Path) -> None:
    hostile = {"PYTHONPATH": "x", "PYTHONSAFEPATH": "1", "UV_OFFLINE": "1", "GIT_DIR": "x"}
    kept = {"UV_INDEX_URL": "https://index.example", "PIP_CERT": "x", "HTTPS_PROXY": "x"}
    said = made(checkout, "run", "lint", **hostile, **kept)
    assert all(f"\n{name}={value}\n" in said for name, value in kept.items())
    assert not [name for name in hostile if f"\n{name}=" in said]
