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
from tests.examples.commands import EXAMPLES, USER
from tests.examples.stand import Stand
from verify_token import GRACE_SECONDS, ISSUER, verified

KEY: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
OTHER: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
KEYS: Final = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
PROGRAM: Final = [sys.executable, str(EXAMPLES / "python" / "verify_token.py")]


def _token(key: RSAKey = KEY, alg: str = "RS512", **changes: Any) -> str:
    now = int(time.time())
    methods = ["authenticated", "login.example.com", f"login.example.com:{POOL}:{USER}"]
    claims = {"iss": ISSUER, "aud": POOL, "sub": IDENTITY, "amr": methods, "exp": now + 60}
    given = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, given, key, algorithms=[alg])


@pytest.mark.parametrize("seconds", [60, -GRACE_SECONDS // 2])
def test_a_good_token_gives_its_claims_also_where_clocks_differ(seconds: int) -> None:
    assert verified(_token(exp=int(time.time()) + seconds), POOL, KEYS)["sub"] == IDENTITY


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER},
        {"alg": "RS256"},
        {"iss": "https://cognito-identity.example.com"},
        {"iss": None},
        {"aud": "eu-central-1:99999999-2222-3333-4444-555555555555"},
        {"aud": None},
        {"exp": int(time.time()) - GRACE_SECONDS - 60},
        {"exp": None},
        {"sub": None},
        {"amr": ["unauthenticated"]},
        {"amr": None},
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
    done = subprocess.run(command, input=token, capture_output=True, text=True, check=False)
    assert issued["Token"] not in done.stdout + done.stderr
    if defect:
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert ("gives no keys" if defect == "keys" else "not a token of") in done.stderr
    else:
        assert done.stdout.startswith(f"identity  {issued['IdentityId']}\nexpires   20"), (
            done.stderr
        )
