"""What docs/credentials.md shows is well formed, and fits the template and the examples."""

import json
import re
from typing import Any, Final

import hcl2
import yaml

from tests.docs.pages import CREDENTIALS, ROOT, blocks

TEXT: Final = CREDENTIALS.read_text(encoding="utf-8")


def _arguments(text: str) -> dict[str, Any]:
    """The arguments of `jsonencode`, as the function would get them."""
    inner = re.sub(r"var\.\w+", '"a"', text.removeprefix("${jsonencode(").removesuffix(")}"))
    found: dict[str, Any] = json.loads(re.sub(r'"?([\w.]+)"? = ', r'"\1": ', inner))
    return found


def test_terraform_keeps_the_token_out_of_the_state() -> None:
    ephemeral, state = map(hcl2.loads, blocks(CREDENTIALS, "hcl"))
    [issue] = ephemeral["ephemeral"]
    token = _arguments(issue['"aws_lambda_invocation"']['"user"']["payload"])
    assert set(token) == {"identity_pool_id", "logins"}
    assert "resource" not in ephemeral
    assert "output" not in ephemeral
    [provision] = state["resource"]
    identity = _arguments(provision['"aws_lambda_invocation"']['"identity"']["input"])
    assert identity == token | {"identity_only": True}
    [versions] = ephemeral["terraform"]
    assert versions["required_providers"][0]["aws"]["version"] == '">= 6.8.0"'


def test_the_pod_mounts_the_jwt_where_the_variable_says() -> None:
    pod = next(
        p for p in map(yaml.safe_load, blocks(CREDENTIALS, "yaml")) if p.get("kind") == "Pod"
    )
    [container], [volume] = pod["spec"]["containers"], pod["spec"]["volumes"]
    [mount], [source] = container["volumeMounts"], volume["projected"]["sources"]
    [file] = [e["value"] for e in container["env"] if e["name"].endswith("_TOKEN_FILE")]
    assert mount["name"] == volume["name"]
    assert file == f"{mount['mountPath']}/{source['serviceAccountToken']['path']}"
    assert source["serviceAccountToken"]["expirationSeconds"] >= 600
    assert f"JwtAudience  {source['serviceAccountToken']['audience']}\n" in TEXT


def test_each_job_asks_for_the_audience_that_the_stack_expects() -> None:
    _, github, gitlab = map(yaml.safe_load, blocks(CREDENTIALS, "yaml"))
    [audience] = {*re.findall(r"^JwtAudience +(https://\S+)$", TEXT, re.MULTILINE)}
    assert f'&audience={audience}"' in github["jobs"]["deploy"]["steps"][0]["run"]
    assert gitlab["deploy"]["id_tokens"]["TOKEN_ISSUER_JWT"]["aud"] == audience
    assert github["permissions"] == {"id-token": "write"}


def test_strangers_are_denied_everything() -> None:
    [policy] = map(json.loads, blocks(CREDENTIALS, "json"))
    [statement] = policy["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    [tag] = statement["Condition"]["StringNotEquals"]
    assert f"{tag.removeprefix('aws:PrincipalTag/')}=repository_owner_id" in TEXT


def test_each_option_of_a_profile_is_one_of_the_programs() -> None:
    program = (ROOT / "examples" / "python" / "credential_process.py").read_text()
    lines = re.findall(r"^credential_process = .*$", TEXT, re.MULTILINE)
    named = {option for line in lines for option in re.findall(r" --([a-z-]+)", line)}
    assert {"pool", "provider", "token-endpoint", "user-jwt-file"} <= named
    assert not [n for n in named if f'"{n.upper().replace("-", "_")}": ' not in program]


def test_the_javascript_is_the_examples() -> None:
    [block] = blocks(CREDENTIALS, "js")
    assert block in (ROOT / "examples" / "javascript" / "who-am-i.mjs").read_text()
