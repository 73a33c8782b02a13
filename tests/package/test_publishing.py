"""One version everywhere, and the workflows: they are sound, and make a release of it."""

import os
import re
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
STEPS: list[dict[str, Any]] = RELEASE["publish"]["steps"]
FILES = ("NOTES.md", "SHA256SUMS", "a-arm64.zip", "a-x86_64.zip")


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
    if job == "publish":
        assert step["working-directory"] == "release"
    gh = folder.parent / "bin" / "gh"
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


def test_what_the_build_handed_on_is_published_and_nothing_else_is_signed(tmp_path: Path) -> None:
    """Another job of the run can put an artifact of its own in the build's place."""
    files, output = tmp_path / "release", tmp_path / "output"
    files.mkdir()
    for each in FILES:
        (files / each).write_text(each)
    assert run("build", "What was built", files, GITHUB_OUTPUT=str(output)).returncode == 0
    key, _, digest = output.read_text().rstrip("\n").partition("=")
    outputs = RELEASE["build"]["outputs"]
    assert outputs == {"digest": f"${{{{ steps.built.outputs.{key} }}}}"}
    assert run("publish", "It is what was built", files, DIGEST=digest).returncode == 0
    words = run("publish", "The release", files, TAG="v1.0.0").stdout.split()
    assert words[:3] == ["release", "create", "v1.0.0"]
    assert words[words.index("--notes-file") + 1] == "NOTES.md"
    assert words[-3:] == ["./a-arm64.zip", "./a-x86_64.zip", "SHA256SUMS"]
    for name in (*FILES, "another-x86_64.zip"):
        (files / name).write_text("another")
        assert run("publish", "It is what was built", files, DIGEST=digest).returncode != 0
        (files / name).write_text(name)
    names = [step.get("name", step.get("uses", "").partition("@")[0]) for step in STEPS]
    assert names == ["actions/download-artifact", "It is what was built", *names[2:]]
    assert names[2:] == ["actions/attest", "The release"]
    assert STEPS[1]["env"] == {"DIGEST": "${{ needs.build.outputs.digest }}"}


def test_what_is_built_is_what_is_published() -> None:
    steps: list[dict[str, Any]] = RELEASE["build"]["steps"]
    assert "make release" in [step.get("run") for step in steps]
    upload, download = steps[-1]["with"], STEPS[0]["with"]
    assert (upload["path"], upload["name"]) == (".build/release", download["name"])
    said = subprocess.check_output(["make", "-n", "-B", "release"], cwd=ROOT, text=True)
    assert f"tools.packager.release --output {upload['path']}" in said
