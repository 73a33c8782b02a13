"""examples/python/verify_token.py takes the embedded Cognito's tokens, and nothing else."""

import io
import sys
import time
from typing import Any, Final

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from tests.examples.commands import USER
from tests.examples.stand import Stand
from tests.kit.builders import IDENTITY, POOL
from token_issuer import deployment, token_of
from verify_token import GRACE_SECONDS, ISSUERS, keys_url, main, verified

KEY: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
OTHER: Final = RSAKey.generate_key(2048, {"use": "sig", "kid": "one"})
KEYS: Final = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
# Its algorithm is what a terminal obeys.
ODD: Final = "eyJhbGciOiJcdTAwMWJbMzFtIn0.e30.e30"
GOOD: Final = {"iss": ISSUERS[0], "aud": POOL, "sub": IDENTITY, "amr": ["authenticated", "…"]}


def _token(key: RSAKey = KEY, alg: str = "RS512", expires: int = 60, **changes: Any) -> str:
    claims: dict[str, Any] = {**GOOD, "exp": int(time.time()) + expires, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "one"}, given, key, algorithms=[alg])


@pytest.mark.parametrize("expires", [60, -GRACE_SECONDS // 2])
@pytest.mark.parametrize("iss", ISSUERS)
def test_a_good_token_gives_its_claims_also_where_clocks_differ(iss: str, expires: int) -> None:
    token = _token(expires=expires, iss=iss)
    assert verified(token, POOL, KEYS)["sub"] == IDENTITY
    assert keys_url(token) == f"{iss}/.well-known/jwks_uri"


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER},
        {"alg": "RS256"},
        *(
            {"iss": f"https://cognito-identity.{end}"}
            for end in ("example.com", "s3.amazonaws.com")
        ),
        {"aud": "eu-central-1:99999999-2222-3333-4444-555555555555"},
        {"expires": -GRACE_SECONDS - 60},
        {"amr": ["unauthenticated"]},
        *({name: None} for name in ("iss", "aud", "exp", "sub", "amr")),
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((JoseError, ValueError)):
        verified(_token(**changes), POOL, KEYS)
    # Keys are Cognito's, whatever a token says.
    if "iss" in changes:
        with pytest.raises(ValueError, match="Cognito did not issue it"):
            keys_url(_token(**changes))


@pytest.mark.usefixtures("environment")
def test_the_program_verifies_what_the_embedded_cognito_issued(
    stand: Stand, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    issued = token_of(USER, deployment(stand.environment))
    good = {
        "pool": stand.environment["POOL"],
        "keys": f"{stand.api.upstream}/.well-known/jwks_uri",
        "token": issued.token,
    }
    for defect, told in (
        ({}, f"identity  {issued.identity_id}\nexpires   20"),
        ({"pool": POOL}, f"This is not a token of {POOL}, or no longer: "),
        ({"token": "no.such.token"}, "This is not a token of "),
        ({"token": ODD}, "This is not a token of "),
        ({"keys": "http://127.0.0.1:9"}, "http://127.0.0.1:9 gives no keys: "),
    ):
        given = good | defect
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{given['token']}\n"))
        options = ["--pool", given["pool"], "--keys", given["keys"]]
        monkeypatch.setattr(sys, "argv", ["verify_token.py", *options])
        assert main() == bool(defect)
        out, err = capsys.readouterr()
        shown = err if defect else out
        assert shown.startswith(told)
        assert (out + err).count("\n") == (1 if defect else 2)
        assert (out + err).replace("\n", "").isprintable()
        assert not any(issued.token in text for text in (out, err))
