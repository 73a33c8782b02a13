"""The release: the same bytes everywhere, and all that a deployment without a build needs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.built import ARCHITECTURE, ROOT
from tools.packager.release import zipped

UPLOADED = ("function.zip", "operations/dashboard.yaml", "statemachine/issue_token.asl.yaml")
IN_IT = {
    *("LICENSE", "README.md", "docs", "examples", "function.zip", "operations", "samconfig.toml"),
    *("statemachine", "template.yaml"),
}
# The first test here waits for the release.
pytestmark = pytest.mark.timeout(300)


def test_the_bytes_do_not_depend_on_folder_umask_or_day(files: Path, tmp_path: Path) -> None:
    clone, output = tmp_path / "another clone", tmp_path / "output"
    shutil.copytree(ROOT, clone, ignore=shutil.ignore_patterns(".*", "tests", "node_modules"))
    for path in clone.rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    different = {"PYTHONHASHSEED": "5", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    # What else was imported is no matter either.
    code = "import sys, boto3, pathlib; from tools.packager.release import release;"
    code += "release(pathlib.Path(sys.argv[1]), ['arm64'])"
    command = [sys.executable, "-c", code, str(output)]
    subprocess.check_output(command, cwd=clone, umask=0o077, env=os.environ | different)
    [built] = output.glob("*.zip")
    assert built.read_bytes() == (files / built.name).read_bytes()


def test_the_sums_are_those_of_the_zips(files: Path) -> None:
    lines = (files / "SHA256SUMS").read_text().splitlines()
    assert [line.split("  ")[1] for line in lines] == sorted(p.name for p in files.glob("*.zip"))
    subprocess.check_output(["sha256sum", "--check", "SHA256SUMS"], cwd=files)


def test_it_holds_what_a_deployment_needs_and_nothing_to_build(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == IN_IT
    for name in ("docs", "operations", "statemachine"):
        for path in {*(ROOT / name).rglob("*.*")} - {ROOT / "docs" / "page.png"}:
            assert (folder / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    settings = (folder / "samconfig.toml").read_text()
    assert "build" not in settings
    ours = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for environment in (ours["default"], ours["prod"]):
        del environment["build"]
    assert tomllib.loads(settings) == ours


@pytest.mark.parametrize("folder", [ARCHITECTURE], indirect=True)
def test_its_function_is_the_package_that_make_builds(folder: Path, built_package: Path) -> None:
    assert (folder / "function.zip").read_bytes() == zipped(built_package)


def test_its_template_is_ours_but_for_the_build(folder: Path) -> None:
    theirs, ours = (yaml_parse((path / "template.yaml").read_text()) for path in (folder, ROOT))
    architecture = theirs["Parameters"].pop("Architecture")
    assert architecture["Default"] == folder.name.rpartition("-")[2]
    assert architecture["AllowedValues"] == [architecture["Default"]]
    assert theirs["Resources"]["IssueTokenFunction"]["Properties"].pop("CodeUri") == "function.zip"
    del ours["Parameters"]["Architecture"]
    del ours["Resources"]["IssueTokenFunction"]["Metadata"]
    del ours["Resources"]["IssueTokenFunction"]["Properties"]["CodeUri"]
    assert theirs == ours


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A client of an S3 on loopback with a bucket named BUCKET; commands find it too."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    # No Python 3.13 and no make.
    monkeypatch.setenv("PATH", "/nowhere")
    client = boto3.client("s3")
    client.create_bucket(Bucket="BUCKET")
    yield client
    server.stop()


@pytest.mark.parametrize("folder", ["arm64"], indirect=True)
def test_it_is_uploaded_as_it_is(folder: Path, s3: Any) -> None:
    """By the command of its README; `make test-deployed` goes the way of SAM."""
    [command] = re.findall(
        r"^aws cloudformation package .*\n.*$", (folder / "README.md").read_text(), re.MULTILINE
    )
    aws, *words = command.replace("\\\n", "").split()
    program = Path(sys.executable).with_name(aws)
    subprocess.check_output([program, *words], cwd=folder, stderr=subprocess.STDOUT)
    packaged = (folder / "packaged.yaml").read_text()
    # What a request to CloudFormation may hold, as Terraform's of docs/deploying.md. A bucket's
    # name may have 57 characters more, in each of three addresses.
    assert len(packaged.encode()) < 51_200 - 3 * 57
    keys = set(re.findall(r"\b[0-9a-f]{32}\b", packaged))
    bodies = {s3.get_object(Bucket="BUCKET", Key=key)["Body"].read() for key in keys}
    assert bodies == {(folder / name).read_bytes() for name in UPLOADED}
    assert not [name for name in UPLOADED if name in packaged]
    # CDK's CfnInclude takes no `Ref` to what is not there, and SAM what is put in its place.
    page = (ROOT / "docs" / "deploying.md").read_text()
    [(old, new)] = re.findall(r'replaceAll\("(.+?)", "(.+?)"\)', page)
    included = packaged.replace(old, new)
    template = yaml_parse(included)
    known = {"AWS", *template["Parameters"], *template["Resources"]}
    assert set(re.findall(r"\bRef: '?([\w.]+)", included)) <= known
    translated = Translator({}, Parser(), boto_session=boto3.Session()).translate(template, {})
    function = translated["Outputs"]["FunctionAliasArn"]["Value"]["Fn::Sub"]
    assert function.strip("${}") in translated["Resources"]
