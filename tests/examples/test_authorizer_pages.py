"""What the pages say of authorizers works as printed: to try one, and to deploy it."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Final

import boto3
import pytest
from moto.server import ThreadedMotoServer
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.examples.commands import EXAMPLES
from tests.kit.pages import OWN_LOGIN, README, ROOT, blocks
from tests.kit.serving import serving

PLACE: Final = EXAMPLES / "authorizer"
[AT_TOKEN] = (block for block in blocks(README, "sh") if "--aws-sigv4" in block)
TRY, TRY_BASIC, BASIC_LOGIN, DEPLOY = blocks(PLACE / "README.md", "sh")
OWN: Final = blocks(OWN_LOGIN, "python")[0]
SENT: Final = json.loads(blocks(OWN_LOGIN, "json")[1])["headers"]["authorization"]
TYPED: Final = "hunter:2\n"


def _run(script: str, directory: Path = ROOT) -> str:
    command = ["bash", "-ec", script]
    return subprocess.check_output(command, cwd=directory, input=TYPED, text=True)


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell with the environment's commands, those of `tmp_path` first, and no credentials."""
    path = [str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(path))


# The command that starts it, the user's login if serve hands out none that it takes, and the user.
@pytest.mark.parametrize(
    ("start", "login", "user"),
    [
        (TRY, "", "user-4711"),
        (TRY_BASIC, BASIC_LOGIN, "user-4711"),
        ("make serve AUTHORIZER=mine.py", f"printf {SENT} > user.jwt", "customer-4711"),
        ("make serve AUTHORIZER=", "", "user-4711"),
    ],
    ids=["app.py", "basic.py", "the page's own", "none"],
)
def test_what_make_serve_prints_works_as_pasted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start: str, login: str, user: str
) -> None:
    (tmp_path / "mine.py").write_text(OWN)
    noting = tmp_path / "curl"
    noting.write_text(f'#!/bin/sh\necho "$*" >>arguments\nexec {shutil.which("curl")} "$@"')
    noting.chmod(0o700)
    before, _, file = start.strip().rpartition("make serve AUTHORIZER=")
    monkeypatch.setenv("PASSWORD_HASHES", _run(f"{before} printenv PASSWORD_HASHES || true"))
    monkeypatch.setenv("AUTHORIZER", str(tmp_path / file) if file == "mine.py" else file)
    with serving() as served:
        guide = re.findall(r"^  .*$", served.printed.read_text(), re.MULTILINE)
        pasted = [login if login and "-o user.jwt" in line else line for line in guide]
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        # The README's command, with the variables that are printed too.
        pasted += ["export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any", AT_TOKEN]
        answers = re.split(r"(?<=\})\s*(?=\{)", _run("\n".join(pasted), tmp_path))
        backends, users, caller, again = map(json.loads, answers)
        _run(f"curl -sX POST {served.url}/me/token", tmp_path)
        shown = served.printed.read_text()
    assert users["logins"] == {"login.example.com": user}
    assert again["identity_id"] == backends["identity_id"]
    # The same user is the same identity.
    same = users["logins"] == backends["logins"]
    assert (users["identity_id"] == backends["identity_id"]) is same
    assert ":assumed-role/local-user/" in caller["Arn"]
    written = re.findall(r"^record: (.*)", shown, re.MULTILINE)
    records = [json.loads(record) for record in written]
    assert [record["door"] for record in records] == ["api", "user_api", "user_credentials", "api"]
    why = "the authorizer answered isAuthorized: false" if file else "there is no token"
    assert re.search(rf"^POST /me/token: 40[13] in \d+ ms: {why}$", shown, re.MULTILINE)
    kept, arguments = ((tmp_path / name).read_text() for name in ("user.jwt", "arguments"))
    assert SENT in login or stat.S_IMODE((tmp_path / "user.jwt").stat().st_mode) == 0o600
    # An assertion about each would print it.
    assert not any(secret in arguments for secret in (backends["token"], users["token"], kept))
    assert not any(secret in shown for secret in (backends["token"], users["token"], kept))


def test_the_commands_deploy_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an emulated AWS, and what notes down its arguments in place of SAM."""
    arn = "arn:aws:lambda:eu-central-1:123456789012:function:login"
    made = {
        "Resources": {"It": {"Type": "AWS::SNS::Topic"}},
        "Outputs": {"AuthorizerArn": {"Value": arn}},
    }
    (tmp_path / "sam").write_text(f'#!/bin/sh\necho "$(basename "$PWD") $*" >> {tmp_path}/noted')
    (tmp_path / "sam").chmod(0o700)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
    try:
        text = json.dumps(made)
        boto3.client("cloudformation").create_stack(StackName="authorizer", TemplateBody=text)
        _run(DEPLOY)
        secrets = boto3.client("secretsmanager")
        [key] = secrets.list_secrets()["SecretList"]
        stored = secrets.get_secret_value(SecretId=key["ARN"])["SecretString"]
    finally:
        server.stop()
    assert re.fullmatch(r"[0-9a-f]{64}", stored)
    build, authorizer, issuer = (tmp_path / "noted").read_text().splitlines()
    assert build == "authorizer build"
    assert authorizer.startswith("authorizer deploy --stack-name authorizer ")
    assert authorizer.endswith(f" --parameter-overrides SessionKeyArn={key['ARN']}")
    assert issuer == f"{ROOT.name} deploy --parameter-overrides UserAuthorizerArn={arn}"
    template = yaml_parse((PLACE / "template.yaml").read_text())
    assert {"SessionKeyArn", "Handler"} <= template["Parameters"].keys()
