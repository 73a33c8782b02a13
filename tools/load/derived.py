"""What the stub of Cognito answers: derived from the request alone, so that an answer can be told
from another request's."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from tools.local.runtime.client import REGION


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins get."""
    return f"{REGION}:{uuid.uuid5(uuid.NAMESPACE_URL, _canonical(logins))}"


def token_of(
    logins: Mapping[str, str], tags: Mapping[str, str] | None, duration: int | None
) -> str:
    """The token that this request gets."""
    return hashlib.sha256(_canonical([logins, tags, duration]).encode()).hexdigest()


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True)
