"""What a machine has set for other work changes nothing of what is built and installed."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.kit.built import ARCHITECTURE, ROOT
from tools.environment import interpreter
from tools.packager import wheels

SWITCHES = ("PIP_USER", "PYTHONSAFEPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONINSPECT")
PATHS = ("PIP_PREFIX", "PIP_PYTHON", "PIP_CONSTRAINT", "PYTHONHOME", "GIT_DIR")
FOREIGN = {
    **dict.fromkeys(SWITCHES, "1"),
    **dict.fromkeys((*PATHS, "PYTHONPYCACHEPREFIX"), "/no"),
    "PIP_NO_BINARY": ":all:",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONUTF8": "0",
    "PYTHONWARNINGS": "error",
}
FILE = (
    "[global]\ndry-run = true\nrequire-virtualenv = true\nuser = true\n[install]\nroot = /nowhere\n"
)


@pytest.fixture
def foreign(tmp_path: Path) -> dict[str, str]:
    """The variables of such a machine, which also has a `json` of its own and pip's file."""
    (tmp_path / ".config/pip").mkdir(parents=True)
    (tmp_path / ".config/pip/pip.conf").write_text(FILE)
    (tmp_path / "json.py").write_text("raise SystemExit")
    return os.environ | FOREIGN | dict.fromkeys(("HOME", "PYTHONPATH"), str(tmp_path))


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_sam_gets_the_same_package(
    foreign: dict[str, str], built_package: Path, tmp_path: Path
) -> None:
    command = ["sh", "tools/packager/for-sam.sh", ARCHITECTURE, str(tmp_path / "package")]
    subprocess.run(command, cwd=ROOT, env=foreign, check=True)
    assert contents(tmp_path / "package") == contents(built_package)


def test_make_run_sets_up_the_same_environment(foreign: dict[str, str], tmp_path: Path) -> None:
    """With one package of its lock."""
    checkout = tmp_path / "checkout"
    shutil.copytree(
        ROOT / "tools", checkout / "tools", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copyfile(ROOT / "Makefile", checkout / "Makefile")
    lock = checkout / "tools/requirements/run.txt"
    [pinned] = re.findall(r"^jmespath==(?:.*\\\n)*.*$", lock.read_text(), re.MULTILINE)
    lock.write_text(pinned)
    subprocess.run(
        ["make", ".venv/.run", f"PYTHON={interpreter()}"], cwd=checkout, env=foreign, check=True
    )
    [installed] = checkout.glob(".venv/lib/*/site-packages/jmespath")
    [ours] = ROOT.glob(".venv/lib/*/site-packages/jmespath")
    assert contents(installed) == contents(ours)


def test_pip_is_told_where_packages_come_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a variable, else by a file's part for `pip install`, else for all of pip."""
    file = "[global]\nproxy = file\nindex-url = file\nuser = true\nquiet = 2\n"
    (tmp_path / "pip.conf").write_text(f"{file}[install]\nindex-url = part")
    for name, value in {"CONFIG_FILE": str(tmp_path / "pip.conf"), "PROXY": "variable"}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    asked = Mock(side_effect=wheels._run)
    monkeypatch.setattr(wheels, "_run", asked)
    wheels.install()
    given = asked.call_args.args[0]
    assert (given["PIP_PROXY"], given["PIP_INDEX_URL"]) == ("variable", "part")
    assert (given.get("PIP_USER"), given["PIP_CONFIG_FILE"]) == (None, os.devnull)
