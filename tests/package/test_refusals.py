"""What the packager says when it can't build."""

import subprocess
from pathlib import Path

import pytest

from tests.kit.built import ROOT
from tools.packager import build

NEEDED = "Python 3.13 is needed to compile the package's bytecode: "


def test_another_python_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PYTHON", (3, 14))
    with pytest.raises(build.PackagingError, match=r"This is Python 3\.13\.") as refusal:
        build.build("arm64", tmp_path)
    assert str(refusal.value).startswith(NEEDED)


def test_sam_is_told_when_there_is_no_python(tmp_path: Path) -> None:
    finished = subprocess.run(
        ["/bin/sh", ROOT / "tools/packager/for-sam.sh", "arm64", tmp_path / "out"],
        cwd=tmp_path,
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 1
    assert finished.stderr.startswith(NEEDED)
    assert "docs/deploying.md" in finished.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_sams_makefile_names_its_own_architecture(architecture: str, tmp_path: Path) -> None:
    """And says in a container, where it and `src/` alone are mounted, that it can't work there."""
    makefile = ROOT / "tools/packager" / architecture / "Makefile"
    command = ["make", "--no-print-directory", "-f", str(makefile), "build-IssueTokenFunction"]
    command.append("ARTIFACTS_DIR=/a b")
    printed = subprocess.check_output([*command, "-n"], cwd=ROOT, text=True)
    assert printed.splitlines()[-1] == f'sh tools/packager/for-sam.sh {architecture} "/a b"'
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert finished.returncode
    assert finished.stderr.startswith("sam build --use-container")
    assert "docs/deploying.md" in finished.stderr


def test_a_directory_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()
    with pytest.raises(build.PackagingError, match="is not an empty directory"):
        build.build("arm64", tmp_path)
    assert (tmp_path / "precious").exists()


def test_a_dependency_that_can_not_be_had_is_named_and_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    (tmp_path / "src").mkdir()
    lock = f"no-such-thing==1 --hash=sha256:{'0' * 64}\n"
    (tmp_path / "src" / "requirements.txt").write_text(lock, encoding="utf-8")
    with pytest.raises(build.PackagingError, match="no-such-thing"):
        build.build("arm64", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["src"]
