"""What may be printed of an answer that the person at the terminal did not ask for.

A token, a credential, a login value or a tag value is in the answer to its caller and nowhere
else. An access key id is no secret.
"""

import json
from typing import Any

_SECRETS = ("token", "Token", "SecretAccessKey")
_MAPS = ("logins", "principal_tags")
_HIDDEN = "<not shown>"


def masked(payload: Any) -> Any:
    """A copy of an answer's payload without tokens, credentials, login values and tag values.

    The body of an HTTP answer is parsed, so that it reads well and is masked too.
    """
    if not isinstance(payload, dict):
        return payload
    shown = {name: _shown(name, value) for name, value in payload.items()}
    if "statusCode" in shown and shown.get("body"):
        shown["body"] = _body(shown["body"])
    return shown


def _body(text: Any) -> Any:
    try:
        body = json.loads(text)
    except (TypeError, ValueError):
        return _HIDDEN
    return masked(body) if isinstance(body, dict) else _HIDDEN


def _shown(name: str, value: Any) -> Any:
    if name in _SECRETS:
        return f"<{len(str(value))} characters, not shown>"
    if name in _MAPS and isinstance(value, dict):
        return dict.fromkeys(value, _HIDDEN)
    return value
