"""What is shown of an answer and of a log to a person at a terminal, who did not ask for a secret.

A token, a credential, a login value or a tag value is in the answer to its caller and nowhere
else. An access key id is no secret.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

_SECRETS = ("token", "Token", "SecretAccessKey")
_MAPS = ("logins", "principal_tags")


def legible(payload: Any) -> Any:
    """An answer's payload with the body of an HTTP answer as the JSON that it is."""
    if isinstance(payload, dict) and "statusCode" in payload:
        with suppress(KeyError, TypeError, ValueError):
            return {**payload, "body": json.loads(payload["body"])}
    return payload


def masked(body: Mapping[str, Any]) -> dict[str, Any]:
    """It without tokens, credentials, login values and tag values."""
    return {name: _shown(name, value) for name, value in body.items()}


def _shown(name: str, value: Any) -> Any:
    if name in _SECRETS:
        return f"<{len(str(value))} characters, not shown>"
    if name in _MAPS and isinstance(value, dict):
        return dict.fromkeys(value, "<not shown>")
    return value


def written(log: str) -> Iterator[str]:
    """A part of the function's log: of a record what it says of the decision, and no metrics."""
    for line in log.splitlines():
        record: Any = None
        # An authorizer of one's own prints what it likes.
        with suppress(ValueError, RecursionError):
            record = json.loads(line)
        names = [*record] if isinstance(record, dict) else []
        if "outcome" in names and "door" in names:
            # Before it is what the logger puts into each line.
            said = names[names.index("outcome") :]
            kept = {n: record[n] for n in said if not n.startswith(("exception", "xray"))}
            yield f"record: {json.dumps(kept)}"
        elif "_aws" not in names:
            yield line
