"""Verifies a user's token, as a service must that takes it for the user.

    python verify_token.py --pool eu-central-1:… <token.txt

prints the identity and the expiry. It needs two packages: `python3 -m pip install joserfc urllib3`.
"""

import argparse
import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

try:
    import urllib3
    from joserfc import jws, jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jwt import JWTClaimsRegistry
except ModuleNotFoundError as missing:
    told = f"There is no {missing.name}: python3 -m pip install joserfc urllib3"
    raise SystemExit(told) from None

# Cognito's names: of the commercial regions, of GovCloud's two, and of China's one. Each is the
# issuer of all pools of all accounts there: the audience is what makes a token yours.
ISSUERS = [
    "https://cognito-identity.amazonaws.com",
    "https://cognito-identity-us-gov.amazonaws.com",
    "https://cognito-identity.us-gov-east-1.amazonaws.com",
    "https://cognito-identity.cn-north-1.amazonaws.com.cn",
]
ALGORITHM = "RS512"
# For clocks that differ: a token is accepted for so long after its expiry.
GRACE_SECONDS = 120


class KeysError(Exception):
    """The published keys can't be had."""


def keys_url(token: str) -> str:
    """Where the keys of a token's issuer are, which must be Cognito.

    Raises:
        joserfc.errors.JoseError, ValueError: it is no such token.
    """
    claims = json.loads(jws.extract_compact(token.encode()).payload)
    if not (isinstance(claims, dict) and claims.get("iss") in ISSUERS):
        raise ValueError("Cognito did not issue it")
    return f"{claims['iss']}/.well-known/jwks_uri"


def published_keys(url: str) -> KeySet:
    """The keys, to be kept, and fetched again when a token's `kid` is not among them.

    Raises:
        KeysError: they can't be had.
    """
    try:
        answer = urllib3.request("GET", url, timeout=5.0, retries=1, redirect=False)
        return KeySet.import_key_set(answer.json())
    except (urllib3.exceptions.HTTPError, JoseError, ValueError, LookupError, TypeError) as error:
        raise KeysError(f"{url} gives no keys: {error}") from error


def verified(token: str, pool: str, keys: KeySet) -> dict[str, Any]:
    """The claims of a token for a signed-in user of `pool`; `sub` is the identity.

    Raises:
        joserfc.errors.JoseError, ValueError: it is not such a token, or no longer.
    """
    claims: dict[str, Any] = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    rules = JWTClaimsRegistry(
        leeway=GRACE_SECONDS,
        iss={"essential": True, "values": ISSUERS},
        aud={"essential": True, "value": pool},
        exp={"essential": True},
        sub={"essential": True},
        # The pool's guests have tokens of the same issuer and audience.
        amr={"essential": True, "value": "authenticated"},
    )
    rules.validate(claims)
    return claims


def main() -> int:
    """0 for a token that is good, 1 for one that is not."""
    parser = argparse.ArgumentParser(description="Verify the token on standard input.")
    parser.add_argument("--pool", default=os.environ.get("POOL"), help="the identity pool's id")
    parser.add_argument("--keys", help="where the keys are, if not at the token's issuer")
    told = parser.parse_args()
    if not told.pool:
        parser.error("set POOL or --pool to the identity pool's id")
    try:
        token = sys.stdin.read().strip()
        keys = published_keys(told.keys or keys_url(token))
        claims = verified(token, told.pool, keys)
    except KeysError as error:
        return _complain(str(error))
    except (JoseError, ValueError, RecursionError) as error:
        return _complain(f"This is not a token of {told.pool}, or no longer: {error}")
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    print(f"identity  {claims['sub']}\nexpires   {expires:%Y-%m-%dT%H:%M:%SZ}")
    return 0


def _complain(text: str) -> int:
    """One line: a token that is none may hold what a terminal would obey."""
    print("".join(letter if letter.isprintable() else "?" for letter in text), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
