"""app.py's variant for users with a password, sent as `Authorization: Basic`. README.md tries and
deploys it. Its secret is a JSON object, of each user's scrypt hash; this prints one, and asks for
the password:

    python basic.py user-4711

It limits no attempts, and hashes at each request: a session token of your backend's costs less.
"""

import base64
import getpass
import hashlib
import hmac
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from app import secret

SALT_BYTES = 16
# Compared with where there is no such user, so that time does not tell who is one.
NOBODY = bytes(SALT_BYTES + 64)


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Answer API Gateway: type REQUEST, payload 2.0, simple response."""
    user = user_of(event)
    return {"isAuthorized": user is not None, "context": {"sub": user} if user else {}}


def user_of(event: Mapping[str, Any]) -> str | None:
    """The user whose password the request has."""
    scheme, _, sent = event.get("headers", {}).get("authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(sent, validate=True).decode().partition(":")
    except ValueError:
        return None
    if scheme.lower() != "basic":
        return None
    known: dict[str, str] = json.loads(secret("PASSWORD_HASHES"))
    stored = bytes.fromhex(known[user]) if user in known else NOBODY
    is_right = hmac.compare_digest(hashed(password, stored[:SALT_BYTES]), stored)
    return user if is_right and user in known else None


def hashed(password: str, salt: bytes) -> bytes:
    """The salt, and the scrypt hash with it: 16 MB, and some tenths of a second."""
    return salt + hashlib.scrypt(password.encode(), salt=salt, n=1 << 14, r=8, p=5)


if __name__ == "__main__":
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().removesuffix("\n")
    if len(sys.argv) != 2 or not typed:
        sys.exit("python basic.py USER, and then a password")
    print(json.dumps({sys.argv[1]: hashed(typed, os.urandom(SALT_BYTES)).hex()}))
else:
    secret("PASSWORD_HASHES")  # What is missing is told at the start.
