"""examples/python/verify_token.py takes the embedded Cognito's tokens, and nothing else."""

import subprocess
import sys
import time
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from tests.builders import IDENTITY, POOL
from tests.examples.commands import EXAMPLES
from tests.examples.stand import Stand
from verify_token import GRACE_SECONDS, ISSUER, verified

KEY: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
OTHER: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
KEYS: Final = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
PROGRAM: Final = [sys.executable, str(EXAMPLES / "python" / "verify_token.py")]


def _token(key: RSAKey = KEY, alg: str = "RS512", expires: int = 60, **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": POOL,
        "sub": IDENTITY,
        "amr": ["authenticated", "…"],
    }
    claims |= {"exp": int(time.time()) + expires, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, given, key, algorithms=[alg])


@pytest.mark.parametrize("expires", [60, -GRACE_SECONDS // 2])
def test_a_good_token_gives_its_claims_also_where_clocks_differ(expires: int) -> None:
    assert verified(_token(expires=expires), POOL, KEYS)["sub"] == IDENTITY


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER},
        {"alg": "RS256"},
        {"iss": "https://cognito-identity.example.com"},
        {"aud": "eu-central-1:99999999-2222-3333-4444-555555555555"},
        {"expires": -GRACE_SECONDS - 60},
        {"amr": ["unauthenticated"]},
        *({name: None} for name in ("iss", "aud", "exp", "sub", "amr")),
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((JoseError, ValueError)):
        verified(_token(**changes), POOL, KEYS)


@pytest.mark.parametrize("defect", ["", "pool", "token", "keys"])
def test_the_program_verifies_what_the_embedded_cognito_issued(stand: Stand, defect: str) -> None:
    assert stand.run("python enhanced").returncode == 0
    [issued] = stand.api.issued()
    pool = POOL if defect == "pool" else stand.environment["POOL"]
    keys = "http://127.0.0.1:9" if defect == "keys" else stand.api.upstream
    command = [*PROGRAM, "--pool", pool, "--keys", f"{keys}/.well-known/jwks_uri"]
    token = "no.such.token" if defect == "token" else issued["Token"]
    done = subprocess.run(
        command, input=token, env=stand.environment, capture_output=True, text=True, check=False
    )
    assert issued["Token"] not in done.stdout + done.stderr
    if defect:
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert ("gives no keys" if defect == "keys" else "not a token of") in done.stderr
    else:
        assert done.stdout.startswith(f"identity  {issued['IdentityId']}\nexpires   20")
        assert done.stdout.endswith("Z\n")
