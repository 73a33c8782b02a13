"""The release: the same bytes everywhere, and all that a deployment without a build needs."""

import hashlib
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

from tests.built import ROOT
from tests.package.conftest import Build
from tools.packager import archive, release

NAME = "cognito-openid-token-issuer"
VERSION = release.PROJECT["version"]
SCRIPTS = Path(sys.executable).parent
UPLOADED = ("function.zip", "operations/dashboard.yaml", "statemachine/issue_token.asl.yaml")
IN_IT = {
    *("LICENSE", "README.md", "function.zip", "operations", "samconfig.toml"),
    *("statemachine", "template.yaml"),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of this checkout."""
    output = tmp_path_factory.mktemp("release")
    command = [sys.executable, "-m", "tools.packager.release", f"--output={output}"]
    said = subprocess.check_output(command, cwd=ROOT, text=True, umask=0o022)
    assert said == (output / "SHA256SUMS").read_text()
    return output


@pytest.fixture(scope="module", params=release.ARCHITECTURES)
def folder(request: pytest.FixtureRequest, files: Path, tmp_path_factory: Any) -> Path:
    """One of the zips, unzipped."""
    name = f"{NAME}-{VERSION}-{request.param}"
    target: Path = tmp_path_factory.mktemp("unzipped")
    shutil.unpack_archive(files / f"{name}.zip", target)
    assert [path.name for path in target.iterdir()] == [name]
    return target / name


def test_the_sums_are_those_of_the_zips(files: Path) -> None:
    names = [f"{NAME}-{VERSION}-{each}.zip" for each in release.ARCHITECTURES]
    sums = [hashlib.sha256((files / name).read_bytes()).hexdigest() for name in names]
    lines = [f"{each}  {name}" for each, name in zip(sums, names, strict=True)]
    assert (files / "SHA256SUMS").read_text().splitlines() == lines


@pytest.mark.timeout(300)
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


def test_it_holds_what_a_deployment_needs_and_nothing_to_build(folder: Path, built: Build) -> None:
    assert {path.name for path in folder.iterdir()} == IN_IT
    package = built(folder.name.rpartition("-")[2])
    assert (folder / "function.zip").read_bytes() == archive.zipped(package)
    for name in ("operations", "statemachine"):
        for path in (ROOT / name).rglob("*.*"):
            assert (folder / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    settings = (folder / "samconfig.toml").read_text()
    assert "build" not in settings
    ours = tomllib.loads((ROOT / "samconfig.toml").read_text())
    for environment in (ours["default"], ours["prod"]):
        del environment["build"]
    assert tomllib.loads(settings) == ours


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
    for name, value in {
        "AWS_ACCESS_KEY_ID": "an example",
        "AWS_SECRET_ACCESS_KEY": "an example",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "SAM_CLI_TELEMETRY": "0",
        # No Python 3.13 and no make.
        "PATH": "/nowhere",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket="BUCKET")
    yield client
    server.stop()


@pytest.mark.parametrize(
    ("folder", "tool"), [("arm64", "aws"), ("x86_64", "sam")], indirect=["folder"]
)
def test_it_is_uploaded_as_it_is(folder: Path, s3: Any, tool: str) -> None:
    """By the command of its README, and by SAM, whose `deploy` begins with the same."""
    [command] = re.findall(
        r"^aws cloudformation package .*\n.*$", (folder / "README.md").read_text(), re.MULTILINE
    )
    words = command.replace("\\\n", "").split()[1:]
    words = words if tool == "aws" else words[1:]
    subprocess.check_output([SCRIPTS / tool, *words], cwd=folder, stderr=subprocess.STDOUT)
    packaged = (folder / "packaged.yaml").read_text()
    keys = set(re.findall(r"\b[0-9a-f]{32}\b", packaged))
    bodies = {s3.get_object(Bucket="BUCKET", Key=key)["Body"].read() for key in keys}
    assert bodies == {(folder / name).read_bytes() for name in UPLOADED}
    assert not [name for name in UPLOADED if name in packaged]
    if tool == "aws":
        assert_cdk_reads(packaged)


def assert_cdk_reads(packaged: str) -> None:
    """With what docs/deploying.md replaces in it: CfnInclude takes no `Ref` to what is not there.
    SAM takes what is put in its place."""
    page = (ROOT / "docs" / "deploying.md").read_text()
    [(old, new)] = re.findall(r'replaceAll\("(.+?)", "(.+?)"\)', page)
    template = yaml_parse(packaged.replace(old, new))
    known = {"AWS", *template["Parameters"], *template["Resources"]}
    assert not set(re.findall(r"\bRef: '?([\w.]+)", packaged.replace(old, new))) - known
    translated = Translator({}, Parser(), boto_session=boto3.Session()).translate(template, {})
    function = translated["Outputs"]["FunctionAliasArn"]["Value"]["Fn::Sub"]
    assert function.strip("${}") in translated["Resources"]
