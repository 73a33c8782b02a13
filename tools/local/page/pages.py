"""The page at `/`: its files, the API's reference, and what they have to know of this stack.

A browser loads nothing from elsewhere for it: the viewer of the reference comes with the
package flask-swagger-ui, and the policy in `_POLICY` forbids the rest.
"""

import importlib.util
import json
import mimetypes
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.wrappers import Request, Response

from tools import ROOT
from tools.local.cognito.embedded import PROVIDER, Cognito
from tools.local.commands.samples import POOL
from tools.local.commands.sdk import variables as sdk_variables
from tools.local.gateway.response import json_response

FILES = Path(__file__).parent
DESCRIPTION = ROOT / "docs" / "openapi.json"
_VIEWER_FILES = ("swagger-ui-bundle.js", "swagger-ui.css")
_POLICY = (
    # The viewer's style sheet has its icons as data URLs.
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)

type Page = Callable[[Request], Response]


def pages(cognito: Cognito, notice: str) -> dict[str, Page]:
    """The pages by route key. `notice` is the line about the stack that the page shows."""
    which = "embedded" if cognito.endpoint_url else "the real one"
    stack = {
        "identity_pool_id": cognito.identity_pool_id,
        "developer_provider_name": cognito.developer_provider_name,
        "notice": f"{notice} Cognito is {which}.",
    }
    viewer = _viewer()
    return {
        "GET /": _file(FILES / "index.html"),
        **{f"GET /page/{p.name}": _file(p) for p in FILES.iterdir() if p.suffix in {".css", ".js"}},
        **{f"GET /reference/{name}": _file(viewer / name) for name in _VIEWER_FILES},
        "GET /page/stack.json": lambda request: _guarded(
            json_response({**stack, "variables": _variables(request, cognito)})
        ),
        "GET /openapi.json": lambda _: _guarded(json_response(description(cognito))),
    }


def _variables(request: Request, cognito: Cognito) -> dict[str, str]:
    return sdk_variables(request.host_url.rstrip("/"), '"$PWD/user.jwt"', cognito)


def description(cognito: Cognito) -> dict[str, Any]:
    """The API's description, with this machine as its server and samples for this pool."""
    text = DESCRIPTION.read_text(encoding="utf-8").replace(POOL, cognito.identity_pool_id)
    text = text.replace(f'"{PROVIDER}"', json.dumps(cognito.developer_provider_name))
    document: dict[str, Any] = json.loads(text)
    here = {"url": "/", "description": "This machine. POST /token needs no signature here."}
    return {**document, "servers": [here]}


def _viewer() -> Path:
    package = importlib.util.find_spec("flask_swagger_ui")
    if package is None or package.origin is None:
        raise FileNotFoundError("flask-swagger-ui, which has the reference's viewer, is missing")
    return Path(package.origin).parent / "dist"


def _file(path: Path) -> Page:
    content, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0]
    return lambda _: _guarded(Response(content, content_type=f"{kind}; charset=utf-8"))


def _guarded(response: Response) -> Response:
    headers: Mapping[str, str] = {
        "content-security-policy": _POLICY,
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-cache",
    }
    response.headers.update(headers)
    return response
