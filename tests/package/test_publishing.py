"""One version everywhere, and the workflows: they are sound, and make a release of it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kit.built import ROOT
from tests.kit.template import SOURCE
from tools.packager import release
from tools.packager.build import PackagingError

VERSION = release.PROJECT["version"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
CHECKS, RELEASE = (
    yaml.safe_load((ROOT / ".github/workflows" / name).read_text())["jobs"]
    for name in ("ci.yml", "release.yml")
)


def test_one_version() -> None:
    assert re.findall(r"^## \[(.+?)\]", CHANGELOG, re.MULTILINE)[0] == VERSION
    assert SOURCE["Mappings"]["Release"]["Current"] == {"Version": VERSION}
    current = {"Fn::FindInMap": ["Release", "Current", "Version"]}
    assert SOURCE["Outputs"]["Version"]["Value"] == current
    assert SOURCE["Resources"]["IssueTokenFunction"]["Properties"]["Tags"]["Version"] == current


def test_the_notes_are_this_versions_section() -> None:
    others = "## [9.9.9] - 2030-01-01\n\n- Later.\n\n## [0.0.1]\n\n- Earlier.\n"
    section = f"## [{VERSION}] - 2026-01-01\n\n### Added\n\n- This.\n\n"
    assert release.notes(others.replace("## [0.0.1]", f"{section}## [0.0.1]")) == (
        "### Added\n\n- This.\n"
    )
    with pytest.raises(PackagingError, match=rf"no section \[{re.escape(VERSION)}\]"):
        release.notes(others)


def test_the_workflows_and_the_updates_are_sound() -> None:
    options = ["--offline", "--no-config", "--persona", "pedantic", "--strict-collection"]
    command = [str(Path(sys.executable).with_name("zizmor")), *options, str(ROOT / ".github")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in ("workflows/ci.yml", "dependabot.yml"):
        assert f".github/{file}" in done.stderr


def test_it_is_checked_as_every_change_is() -> None:
    assert RELEASE["checks"] == CHECKS["checks"]
    assert RELEASE["publish"]["needs"] == ["checks", "build"]
    rights = {name: set(job["permissions"].values()) for name, job in RELEASE.items()}
    assert rights == {"checks": {"read"}, "build": {"read"}, "publish": {"write"}}


def run(job: str, name: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the step of that name as GitHub does, with `gh` printing its arguments."""
    [step] = (step for step in RELEASE[job]["steps"] if step.get("name") == name)
    assert {"working-directory": "release"}.items() <= step.items() or job == "build"
    gh = folder / "bin" / "gh"
    gh.parent.mkdir(exist_ok=True)
    gh.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    gh.chmod(0o755)
    environment = {"PATH": f"{gh.parent}:{os.environ['PATH']}", **variables}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_a_tag_of_another_version_makes_no_release(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    tags = [f"v{VERSION}", f"v{VERSION}1", "v0.0.0"]
    ended = [run("build", "The tag is the version", tmp_path, TAG=tag).returncode for tag in tags]
    assert ended == [0, 1, 1]


@pytest.mark.timeout(300)
def test_the_release_has_the_zips_the_sums_and_the_notes(files: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(files, tmp_path / "release")
    arm64, x86_64 = zips = sorted(path.name for path in folder.glob("*.zip"))
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == zips
    assert run("publish", "The files are whole", folder).returncode == 0
    words = run("publish", "The release", folder, TAG="v1.0.0").stdout.split()
    assert words[:3] == ["release", "create", "v1.0.0"]
    assert (folder / words[words.index("--notes-file") + 1]).is_file()
    assert words[-3:] == [f"./{arm64}", f"./{x86_64}", "SHA256SUMS"]
    (folder / arm64).write_text("another")
    assert run("publish", "The files are whole", folder).returncode != 0


def test_what_is_built_is_what_is_published() -> None:
    steps: list[dict[str, Any]] = RELEASE["build"]["steps"]
    assert "make release" in [step.get("run") for step in steps]
    upload, download = steps[-1]["with"], RELEASE["publish"]["steps"][0]["with"]
    assert (upload["path"], upload["name"]) == (".build/release", download["name"])
    said = subprocess.check_output(["make", "-n", "-B", "release"], cwd=ROOT, text=True)
    assert f"tools.packager.release --output {upload['path']}" in said
