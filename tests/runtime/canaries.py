"""Secrets that are planted to be looked for."""

import base64
import secrets
from dataclasses import dataclass, field
from typing import Final

_MARK_BYTES: Final = 16
_FRAGMENT: Final = 12


def found(mark: str, text: str) -> bool:
    """Whether `text` holds the mark: whole, in part, in any case, or inside something that was
    encoded as base64. `text` is in lower case."""
    if any(mark[i : i + _FRAGMENT] in text for i in range(len(mark) - _FRAGMENT + 1)):
        return True
    return any(encoded.lower() in text for encoded in _encoded(mark))


def _encoded(mark: str) -> list[str]:
    """The mark's base64 at each of the three offsets, without what its neighbours decide."""
    forms = []
    for offset in range(3):
        text = base64.b64encode(b"\0" * offset + mark.encode()).decode().rstrip("=")
        forms.append(text[4 if offset else 0 : -2])
    return forms


@dataclass(frozen=True)
class Canaries:
    """What was planted, by where."""

    marks: dict[str, str] = field(default_factory=dict, repr=False)

    def plant(self, where: str) -> str:
        """A new secret value."""
        mark = self.marks.setdefault(where, secrets.token_hex(_MARK_BYTES))
        return f"canary-{mark}"

    def in_text(self, text: str) -> list[str]:
        """The places whose secrets `text` holds: their names, never the secrets."""
        lower = text.lower()
        return [where for where, mark in self.marks.items() if found(mark, lower)]
