"""What it answers to a request, for who wants to know whether that was the answer."""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from tools.local.runtime.client import REGION


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins get."""
    return f"{REGION}:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(logins, sort_keys=True))}"


def token_of(
    logins: Mapping[str, str], tags: Mapping[str, str] | None, duration: int | None
) -> str:
    """The token that this request gets: of the size and shape of a real one, signed by nobody."""
    claims = {
        "sub": identity_of(logins),
        "amr": ["authenticated", *sorted(logins)],
        "https://aws.amazon.com/tags": {"principal_tags": tags},
        "iss": "https://cognito-identity.amazonaws.com",
        "exp": duration,
    }
    header = {"kid": f"{REGION}1", "typ": "JWS", "alg": "RS512"}
    parts = [json.dumps(part, sort_keys=True).encode() for part in (header, claims)]
    parts.append(hashlib.sha512(json.dumps([logins, claims], sort_keys=True).encode()).digest() * 4)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def credentials_of(token: str) -> dict[str, Any]:
    """The credentials that this token is exchanged for."""
    digest = hashlib.sha512(token.encode()).hexdigest()
    return {
        "AccessKeyId": f"ASIA{digest[:16].upper()}",
        "SecretKey": digest[:40],
        "SessionToken": digest,
        "Expiration": 1_900_000_000 + int(digest[:4], 16),
    }
