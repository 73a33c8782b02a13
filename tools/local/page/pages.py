"""The page at `/`: commands to copy, and the API's description in its viewer.

A browser loads nothing from elsewhere for it: the viewer comes with the package flask-swagger-ui,
and the policy in `_HEADERS` forbids the rest.
"""

import html
import json
import mimetypes
from importlib.metadata import distribution
from pathlib import Path
from string import Template
from typing import Any

import yaml
from werkzeug.wrappers import Request, Response

from tools import ROOT
from tools.local.cognito.embedded import PROVIDER, Cognito
from tools.local.page.commands import BY_JWT, ISSUED, USER, Login, commands
from tools.local.samples import POOL
from tools.local.web.response import Page, json_response

FILES = Path(__file__).parent
DESCRIPTION = ROOT / "docs" / "openapi.yaml"
_HEADERS = {
    "content-security-policy": (
        # The viewer's style sheet has its icons as data URLs.
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


def pages(cognito: Cognito, notice: str, login: Login = BY_JWT) -> dict[str, Page]:
    """The pages by route key. `notice` is the line about the stack that the page shows, `login`
    how its users are tried."""
    viewer = Path(str(distribution("flask-swagger-ui").locate_file("flask_swagger_ui/dist")))
    files = [FILES / "page.css", FILES / "page.js"]
    files += [viewer / "swagger-ui.css", viewer / "swagger-ui-bundle.js"]
    document = Template((FILES / "index.html").read_text(encoding="utf-8"))

    def index(request: Request) -> Response:
        shown = "".join(
            f'  <label for="command-{number}">{html.escape(what)}</label>\n  <textarea'
            f' id="command-{number}" rows="{command.count("\n") + 2}" readonly spellcheck="false">'
            f"{html.escape(command)}</textarea>\n"
            for number, (what, command) in enumerate(
                commands(request.host_url.rstrip("/"), cognito, login).items()
            )
        )
        text = document.substitute(
            notice=html.escape(notice), commands=shown, user=USER, issued=ISSUED
        )
        return _guarded(Response(text, mimetype="text/html"))

    return {
        "GET /": index,
        "GET /openapi.json": lambda _: _guarded(json_response(description(cognito))),
        **{f"GET /page/{path.name}": _file(path) for path in files},
    }


def description(cognito: Cognito) -> dict[str, Any]:
    """The API's description, with this machine as its server and samples for this pool."""
    document = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    del document["servers"]
    text = json.dumps(document).replace(POOL, cognito.identity_pool_id)
    text = text.replace(json.dumps(PROVIDER), json.dumps(cognito.developer_provider_name))
    local: dict[str, Any] = json.loads(text)
    return local


def _file(path: Path) -> Page:
    content, kind = path.read_bytes(), mimetypes.guess_type(path.name)[0]
    return lambda _: _guarded(Response(content, content_type=f"{kind}; charset=utf-8"))


def _guarded(response: Response) -> Response:
    response.headers.update(_HEADERS)
    return response
