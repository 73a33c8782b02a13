"""`make serve`: the function behind HTTP on this machine, until Ctrl-C or SIGTERM.

With `AUTHORIZER=path/to/app.py` the `handler` in that file vouches for the users, as a Lambda
authorizer, in place of the local JWT issuer.
"""

import json
import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent

from tools.local.commands.stack import CannotRunError, Stack, exit_status, running
from tools.local.gateway.authorizers import Authorize
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.gateway.lambda_authorizer import by_lambda
from tools.local.jwt_issuer.pages import pages as issuer_pages
from tools.local.page.pages import pages
from tools.local.sdk import exports
from tools.local.sharing import shared
from tools.local.web import server
from tools.local.workers import working

_AT_ONCE = 2
# The longest that an HTTP API waits for a Lambda authorizer.
_AUTHORIZER_SECONDS = 10
_GUIDE = """\
{notice}
Open {url} in a browser to ask for tokens and to read the API's reference.
{url}/token takes everybody for a backend, without a signature; it answers you alone.

A token as a backend:
  curl {url}/token -H 'content-type: application/json' \\
    -d '{backend}'
{users}

Ctrl-C stops it."""
_BY_JWT = """
A token as the signed-in user user-123 (the local JWT issuer signs a JWT for the asking; the file
holds the JWT alone, without a line break at its end):
  (umask 077; curl -s -o user.jwt '{url}/issuer/token?sub=user-123')
  sed 's/^/authorization: Bearer /' user.jwt | curl -X POST -H @- {url}/me/token

AWS credentials as user-123, for any AWS SDK and the AWS CLI, in a shell that has no others:
{variables}
  aws sts get-caller-identity"""
_BY_LAMBDA = """
A token as whomever {authorizer} makes of a request:
  curl -X POST -H @headers.txt {url}/me/token"""


def serve(package: Path) -> int:
    """Serve until a signal ends it."""
    authorizer, text = os.environ.get("AUTHORIZER") or None, os.environ.get("PORT") or "3000"
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise CannotRunError("PORT must be a number between 0 and 65535")
    port, has_authorizer = int(text), authorizer is not None
    with (
        running(package, port=port, workers=_AT_ONCE, has_authorizer=has_authorizer) as stack,
        shared(stack.workers) as invoke,
        _authorizing(authorizer, stack) as authorize,
    ):
        logging.basicConfig(format="%(message)s", stream=sys.stdout)
        logging.getLogger("tools.local").setLevel(logging.INFO)
        more = issuer_pages(stack.jwt_issuer) | pages(stack.cognito, stack.notice)
        with server.served(http_api(invoke, authorize, more), stack.listening):
            print(_guide(stack, authorizer), flush=True)
            threading.Event().wait()
    return 0


@contextmanager
def _authorizing(authorizer: str | None, stack: Stack) -> Iterator[Authorize]:
    if authorizer is None:
        yield by_jwt(stack.jwt_issuer)
        return
    app = Path(authorizer).resolve()
    if not app.is_file():
        raise CannotRunError(f"AUTHORIZER must be a Python file with a handler: {authorizer}")
    # It is the owner's own code, and may take what it needs from this shell.
    variables = {**os.environ, "PYTHONPATH": str(app.parent)}
    variables |= {"AWS_REGION": "eu-central-1", "AWS_LAMBDA_FUNCTION_NAME": "authorizer"}
    python, handler = [sys.executable, "-s"], f"{app.stem}.handler"
    with (
        working(python, handler, variables, _AUTHORIZER_SECONDS) as worker,
        shared([worker]) as invoke,
    ):
        yield by_lambda(invoke)


def _guide(stack: Stack, authorizer: str | None) -> str:
    pool = {"identity_pool_id": stack.cognito.identity_pool_id}
    backend = {**pool, "logins": {stack.cognito.developer_provider_name: "user-123"}}
    variables = indent(exports(stack.url, stack.cognito), "  ")
    return _GUIDE.format(
        notice=stack.notice,
        url=stack.url,
        backend=json.dumps(backend),
        users=(_BY_LAMBDA if authorizer else _BY_JWT).format(
            url=stack.url, authorizer=authorizer, variables=variables
        ),
    )


if __name__ == "__main__":
    sys.exit(exit_status(serve, interrupted=0))
