"""What docs/using-the-token.md shows is well formed, and is what the examples do."""

import json
import subprocess
from base64 import urlsafe_b64encode
from typing import Any, Final

import pytest

from tests.docs.pages import ROOT, USING, blocks

TEXT: Final = USING.read_text(encoding="utf-8")
ISSUER: Final = "cognito-identity.amazonaws.com"


def _json_with(key: str) -> list[Any]:
    return [found for found in map(json.loads, blocks(USING, "json")) if key in found]


def test_the_trust_policy_is_for_this_pools_signed_in_identities_only() -> None:
    trust, _ = _json_with("Statement")
    [statement] = trust["Statement"]
    assert statement["Principal"] == {"Federated": ISSUER}
    assert set(statement["Action"]) == {"sts:AssumeRoleWithWebIdentity", "sts:TagSession"}
    assert statement["Condition"] == {
        "StringEquals": {f"{ISSUER}:aud": "<PoolId>"},
        "ForAnyValue:StringLike": {f"{ISSUER}:amr": "authenticated"},
    }


def test_the_permissions_are_by_tag_and_by_identity() -> None:
    _, permissions = _json_with("Statement")
    [statement] = permissions["Statement"]
    assert "${aws:PrincipalTag/tenant}" in statement["Resource"][0]
    assert f"${{{ISSUER}:sub}}" in statement["Resource"][1]


def test_azure_trusts_one_identity_of_one_pool() -> None:
    [credential] = _json_with("audiences")
    assert credential["issuer"] == f"https://{ISSUER}"
    assert credential["audiences"] == ["<PoolId>"]
    assert set(credential) == {"name", "issuer", "subject", "audiences"}


def test_a_guest_is_linked_by_documented_arguments() -> None:
    [arguments] = _json_with("identity_id")
    assert set(arguments) == {"identity_pool_id", "identity_id", "logins"}


@pytest.mark.parametrize(
    ("excerpt", "file"),
    [
        ("fromCognitoIdentity({", "javascript/get-credentials.mjs"),
        ("fromWebToken({", "javascript/assume-role.mjs"),
        ("client.get_credentials_for_identity(", "python/get_credentials.py"),
        ("client.assume_role_with_web_identity(", "python/assume_role.py"),
        ("aws cognito-identity get-credentials-for-identity", "cli/get_credentials.sh"),
        ("aws sts assume-role-with-web-identity", "cli/assume_role.sh"),
    ],
)
def test_an_excerpt_is_of_an_example(excerpt: str, file: str) -> None:
    assert excerpt in TEXT
    assert excerpt in (ROOT / "examples" / file).read_text()
    assert f"`{file.partition('/')[2]}`" in TEXT


def test_the_algorithm_of_a_token_is_shown() -> None:
    [command] = [block for block in blocks(USING, "sh") if "@base64d" in block]
    header = urlsafe_b64encode(b'{"kid": "eu-central-12", "typ": "JWS", "alg": "RS512"}').decode()
    environ = {"TOKEN": f"{header.rstrip('=')}.e30.c2ln", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    done = subprocess.run(
        ["bash", "-c", command], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "RS512\n"
