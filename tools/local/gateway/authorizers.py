"""Who may call a route: what an authorizer answers, and how it says no."""

from collections.abc import Callable, Mapping
from typing import Any

type Authorize = Callable[[Mapping[str, Any]], dict[str, Any]]
"""From an event without one, the `authorizer` block of its request context.

Raises `UnauthorizedError` or `ForbiddenError` for whoever may not call.
"""


class UnauthorizedError(Exception):
    """Nobody is known: 401. The message is the reason, for the log; `challenge` is what the answer
    says of it, as `www-authenticate`."""

    def __init__(self, reason: str, challenge: str = "Bearer") -> None:
        super().__init__(reason)
        self.challenge = challenge


class ForbiddenError(Exception):
    """Somebody is known who may not: 403. The message is the reason, for the log."""
