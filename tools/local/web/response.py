"""What a page is, and the responses that every server here gives."""

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

type Page = Callable[[Request], Response]


def message(status: int, text: str) -> Response:
    """As AWS's front ends say it: `{"message": …}`."""
    return json_response({"message": text}, status)


def json_response(content: Any, status: int = 200) -> Response:
    """A response whose body is `content` as JSON."""
    text = json.dumps(content, separators=(",", ":"))
    return Response(text, status, content_type="application/json")
