"""The process of the embedded Cognito; see `tools.local.cognito.embedded`.

It serves until standard input ends, so that it can't outlive whoever started it. Its first
line on standard output is its address.
"""

import sys
from typing import Any

from moto.cognitoidentity import urls
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.wrappers import Request, Response

from tools.local.cognito import tokens
from tools.local.cognito.identity_pools import IdentityPools
from tools.local.gateway import server
from tools.local.gateway.response import json_response

_DOCUMENTS = tokens.documents()


@Request.application
def _documents(request: Request) -> Response:
    path = f"{request.root_path}{request.path}"
    return json_response(_DOCUMENTS[path]) if path in _DOCUMENTS else NotFound().get_response()


def application() -> Any:
    """moto's AWS with our identity pools. Their state is this process's."""
    urls.url_paths = {"{0}/$": IdentityPools.dispatch}
    aws = DomainDispatcherApplication(create_backend_app)
    return DispatcherMiddleware(aws, {"/.well-known": _documents})


if __name__ == "__main__":
    with server.serving(application()) as url:
        print(url, flush=True)
        sys.stdin.read()
