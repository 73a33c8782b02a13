"""The function in a snapshot in which `random` is at a known place, and a look at where it is
now."""

import random
from typing import Any

from openid_token.handler import handler as _handler

SEED = 4711
random.seed(SEED)


def handler(event: Any, context: Any) -> Any:
    """Serve, or draw a number."""
    return random.random() if event == "draw" else _handler(event, context)
