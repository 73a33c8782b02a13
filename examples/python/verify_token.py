"""Verifies a user's token, as a service must that takes it for the user.

    python verify_token.py --pool eu-central-1:… <token.txt

prints the identity and the expiry. It needs joserfc.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from typing import Any

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

# One issuer for all pools of all accounts: the audience is what makes a token yours.
ISSUER = "https://cognito-identity.amazonaws.com"
KEYS = f"{ISSUER}/.well-known/jwks_uri"
ALGORITHM = "RS512"
# For clocks that differ: a token is accepted for so long after its expiry.
GRACE_SECONDS = 120


class KeysError(Exception):
    """The published keys can't be had."""


def published_keys(url: str = KEYS) -> KeySet:
    """The keys, to be kept, and fetched again when a token's `kid` is not among them.

    Raises:
        KeysError: they can't be had.
    """
    try:
        answer = urllib3.request("GET", url, timeout=5.0, retries=1)
        return KeySet.import_key_set(answer.json())
    except (urllib3.exceptions.HTTPError, JoseError, ValueError, KeyError) as error:
        raise KeysError(f"{url} gives no keys: {error}") from error


def verified(token: str, pool: str, keys: KeySet) -> dict[str, Any]:
    """The claims of a token for a signed-in user of `pool`; `sub` is the identity.

    Raises:
        joserfc.errors.JoseError, ValueError: it is not such a token, or no longer.
    """
    claims: dict[str, Any] = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    rules = JWTClaimsRegistry(
        leeway=GRACE_SECONDS,
        iss={"essential": True, "value": ISSUER},
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
    parser.add_argument("--keys", default=KEYS, help="where the keys are")
    told = parser.parse_args()
    if not told.pool:
        parser.error("set POOL or --pool to the identity pool's id")
    try:
        claims = verified(sys.stdin.read().strip(), told.pool, published_keys(told.keys))
    except KeysError as error:
        print(error, file=sys.stderr)
        return 1
    except (JoseError, ValueError) as error:
        print(f"This is not a token of {told.pool}, or no longer: {error}", file=sys.stderr)
        return 1
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    print(f"identity  {claims['sub']}\nexpires   {expires:%Y-%m-%dT%H:%M:%SZ}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
