"""The page at `/`: commands to copy, and the API's description in its viewer.

A browser loads nothing from elsewhere for it: the viewer comes with the package flask-swagger-ui,
and the policy in `_HEADERS` forbids the rest.
"""

import html
import json
import mimetypes
import shlex
from importlib.metadata import distribution
from pathlib import Path
from string import Template
from typing import Any, NamedTuple

import yaml
from werkzeug.wrappers import Request, Response

from tools import ROOT
from tools.local.cognito.embedded import PROVIDER, Cognito
from tools.local.jwt_issuer.signing import PATH
from tools.local.samples import POOL
from tools.local.sdk import exports
from tools.local.web.response import Page, json_response

FILES = Path(__file__).parent
DESCRIPTION = ROOT / "docs" / "openapi.yaml"
USER = "user-4711"
ISSUED = f"{PATH}/token?sub={USER}"
"""Where the gateway has a login of this user: a JWT, or what is tried in its place."""
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


class Login(NamedTuple):
    """`what` is in the file of a user's login, and `scheme` before it in `Authorization`."""

    what: str
    scheme: str


BY_JWT = Login(f"A JWT for {USER}, from the local JWT issuer, in a file", "Bearer ")
BY_AUTHORIZER = Login(
    f"A session token for {USER}, signed with HS256 by SESSION_KEY (the shell's, or one of this"
    " run), in a file; or write there what else your authorizer takes as the header Authorization,"
    " without a line break",
    "",
)


def pages(cognito: Cognito, notice: str, login: Login = BY_JWT) -> dict[str, Page]:
    """The pages by route key. `notice` is the line about the stack that the page shows, `login`
    how its users are tried."""
    viewer = Path(str(distribution("flask-swagger-ui").locate_file("flask_swagger_ui/dist")))
    files = [FILES / "page.css", FILES / "page.js"]
    files += [viewer / "swagger-ui.css", viewer / "swagger-ui-bundle.js"]
    document = Template((FILES / "index.html").read_text(encoding="utf-8"))
    logins = {cognito.developer_provider_name: USER}
    body = {"identity_pool_id": cognito.identity_pool_id, "logins": logins}

    def index(request: Request) -> Response:
        url = request.host_url.rstrip("/")
        shown = {
            "notice": notice,
            "url": url,
            "body": shlex.quote(json.dumps(body)),
            "variables": exports(url, cognito),
            "user": USER,
            "issued": ISSUED,
            **login._asdict(),
        }
        escaped = {name: html.escape(text) for name, text in shown.items()}
        return _guarded(Response(document.substitute(escaped), mimetype="text/html"))

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
