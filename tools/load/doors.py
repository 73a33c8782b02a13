"""The doors that a bridge has not: direct invocations and a REST API, as pages of it."""

import json
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.local.commands import samples
from tools.local.gateway.bridge import Page
from tools.local.gateway.response import json_response, response_of
from tools.local.runtime.emulator import new_trace_id
from tools.local.runtime.sharing import Invoke


def pages(invoke: Invoke) -> dict[str, Page]:
    """`POST /direct` takes an event, `POST /rest` a body for payload format 1.0."""
    sample: dict[str, Any] = json.loads((samples.DIRECTORY / "rest-api.json").read_text())

    def direct(request: Request) -> Response:
        answer = invoke(request.get_json(), new_trace_id())
        return json_response(answer.payload, 200 if answer.error_type is None else 400)

    def rest(request: Request) -> Response:
        event = {**sample, "body": request.get_data(as_text=True)}
        return response_of(invoke(event, new_trace_id()))

    return {"POST /direct": direct, "POST /rest": rest}
