"""What docs/credentials.md and docs/using-the-token.md show fits the template and the examples."""

import json
import re
import subprocess
from base64 import urlsafe_b64encode
from typing import Any, Final

import hcl2
import pytest
import yaml

from tests.kit.pages import CREDENTIALS, ROOT, USING, blocks
from tests.kit.template import Stack

TEXT: Final = CREDENTIALS.read_text(encoding="utf-8")
EXAMPLES: Final = ROOT / "examples"


def _arguments(text: str) -> dict[str, Any]:
    """The arguments of `jsonencode`, as the function would get them."""
    inner = re.sub(r"var\.\w+", '"a"', text.removeprefix("${jsonencode(").removesuffix(")}"))
    found: dict[str, Any] = json.loads(re.sub(r'"?([\w.]+)"? = ', r'"\1": ', inner))
    return found


def test_terraform_keeps_the_token_out_of_the_state() -> None:
    ephemeral, state = map(hcl2.loads, blocks(CREDENTIALS, "hcl"))
    [issue], [provision] = ephemeral["ephemeral"], state["resource"]
    token = _arguments(issue['"aws_lambda_invocation"']['"user"']["payload"])
    assert not {"resource", "output"} & set(ephemeral)
    identity = _arguments(provision['"aws_lambda_invocation"']['"identity"']["input"])
    assert identity == token | {"identity_only": True}


def test_the_pod_mounts_the_jwt_where_the_variable_says() -> None:
    pod, *_ = map(yaml.safe_load, blocks(CREDENTIALS, "yaml"))
    [container], [volume] = pod["spec"]["containers"], pod["spec"]["volumes"]
    [mount], [source] = container["volumeMounts"], volume["projected"]["sources"]
    [file] = [e["value"] for e in container["env"] if e["name"].endswith("_TOKEN_FILE")]
    assert mount["name"] == volume["name"]
    assert file == f"{mount['mountPath']}/{source['serviceAccountToken']['path']}"
    assert f" JwtAudience={source['serviceAccountToken']['audience']} " in TEXT


def test_each_job_asks_for_the_audience_that_the_stack_expects() -> None:
    _, github, gitlab = map(yaml.safe_load, blocks(CREDENTIALS, "yaml"))
    [audience] = {*re.findall(r" JwtAudience=(https://\S+)", TEXT)}
    fetch, *_ = github["jobs"]["deploy"]["steps"]
    assert f'&audience={audience}"' in fetch["run"]
    assert gitlab["deploy"]["id_tokens"]["TOKEN_ISSUER_JWT"]["aud"] == audience
    # Without it a job that has no permission goes on with an empty file.
    assert (github["permissions"], fetch["shell"]) == ({"id-token": "write"}, "bash")


def test_the_tags_that_decide_are_tags_of_the_deployment() -> None:
    [policy] = map(json.loads, blocks(CREDENTIALS, "json"))
    deny, allow = policy["Statement"]
    assert (deny["Effect"], deny["Action"], deny["Resource"]) == ("Deny", "*", "*")
    assert [*deny["Condition"]] == ["StringNotEquals"]
    [line] = re.findall(r"PrincipalTagClaims=(\S+repository\S*)", TEXT)
    claims = dict(pair.split("=") for pair in line.split(","))
    assert claims["owner_id"] == "repository_owner_id"
    used = re.findall(r"aws:PrincipalTag/(\w+)", json.dumps([deny, allow]))
    assert set(used) == set(claims)


def test_each_option_of_a_profile_is_one_of_the_programs() -> None:
    program = (EXAMPLES / "python" / "credential_process.py").read_text()
    lines = re.findall(r"^credential_process = .*$", TEXT, re.MULTILINE)
    named = {option for line in lines for option in re.findall(r" --([a-z-]+)", line)}
    assert {"pool", "provider", "token-endpoint", "user-jwt-file"} <= named
    assert not [n for n in named if f'"{n.upper().replace("-", "_")}": ' not in program]


def test_the_trust_policy_is_the_one_of_the_stacks_own_role() -> None:
    trust = json.loads(blocks(USING, "json")[0])
    role = Stack().of_type("AWS::IAM::Role")["UserRole"]["AssumeRolePolicyDocument"]
    assert json.loads(role.replace("eu-west-1:${IdentityPool}", "<PoolId>")) == trust


@pytest.mark.parametrize(
    ("excerpt", "file"),
    [
        (blocks(CREDENTIALS, "js")[0], "javascript/who-am-i.mjs"),
        ("fromCognitoIdentity({", "javascript/get-credentials.mjs"),
        ("fromWebToken({", "javascript/assume-role.mjs"),
        ("client.get_credentials_for_identity(", "python/get_credentials.py"),
        ("client.assume_role_with_web_identity(", "python/assume_role.py"),
        ("aws cognito-identity get-credentials-for-identity", "cli/get_credentials.sh"),
        ("aws sts assume-role-with-web-identity", "cli/assume_role.sh"),
    ],
)
def test_an_excerpt_is_of_an_example(excerpt: str, file: str) -> None:
    guides = TEXT + USING.read_text(encoding="utf-8")
    assert excerpt in guides
    assert excerpt in (EXAMPLES / file).read_text()
    assert file.partition("/")[2] in guides


def test_the_algorithm_of_a_token_is_shown() -> None:
    [command] = [block for block in blocks(USING, "sh") if "@base64d" in block]
    header = urlsafe_b64encode(b'{"kid": "eu-central-12", "typ": "JWS", "alg": "RS512"}').decode()
    environ = {"TOKEN": f"{header.rstrip('=')}.e30.c2ln", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(["bash", "-c", command], env=environ, capture_output=True, check=True)
    assert done.stdout == b"RS512\n"
