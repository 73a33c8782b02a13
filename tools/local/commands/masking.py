"""What may be printed of an answer that the person at the terminal did not ask for.

A token, a credential, a login value or a tag value is in the answer to its caller and nowhere
else. An access key id is no secret.
"""

import json
from contextlib import suppress
from typing import Any

_SECRETS = ("token", "Token", "SecretAccessKey")
_MAPS = ("logins", "principal_tags")
_HIDDEN = "<not shown>"


def legible(payload: Any) -> Any:
    """An answer's payload with the body of an HTTP answer as the JSON that it is."""
    if isinstance(payload, dict) and "statusCode" in payload:
        with suppress(KeyError, TypeError, ValueError):
            return {**payload, "body": json.loads(payload["body"])}
    return payload


def masked(payload: Any) -> Any:
    """It without tokens, credentials, login values and tag values, and legible."""
    answer = legible(payload)
    if not isinstance(answer, dict):
        return answer
    return {name: _shown(name, value) for name, value in answer.items()}


def _shown(name: str, value: Any) -> Any:
    if name in _SECRETS:
        return f"<{len(str(value))} characters, not shown>"
    if name in _MAPS and isinstance(value, dict):
        return dict.fromkeys(value, _HIDDEN)
    if name == "body":
        return masked(value) if isinstance(value, dict) else _HIDDEN
    return value
