"""`make serve`: the function behind HTTP on this machine, until Ctrl-C or SIGTERM.

With `AUTHORIZER=path/to/app.py` the handler in that file vouches for the users, as a Lambda
authorizer, in place of the local JWT issuer. Its log has each decision's audit record.
"""

import logging
import os
import secrets
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.local.commands.authorizer import authorizing
from tools.local.commands.showing import written
from tools.local.commands.stack import CannotRunError, Stack, exit_status, running
from tools.local.gateway.authorizers import Authorize
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.gateway.lambda_authorizer import by_lambda
from tools.local.jwt_issuer import pages as issuer_pages
from tools.local.page.commands import BY_AUTHORIZER, BY_JWT, Login, commands
from tools.local.page.pages import pages
from tools.local.sharing import shared
from tools.local.web import server
from tools.local.workers import Worker

_AT_ONCE = 2
_GUIDE = """\
{notice}
Open {url} in a browser to ask for tokens and to read the API's reference.
{url}/token takes everybody for a backend, without a signature; it answers you alone.

{commands}
Ctrl-C stops it. Below is its log: an audit record for each decision."""

# Not by the name of this module, which is the program.
log = logging.getLogger("tools.local")


def serve(package: Path) -> int:
    """Serve until a signal ends it."""
    authorizer, text = os.environ.get("AUTHORIZER") or None, os.environ.get("PORT") or "3000"
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise CannotRunError("PORT must be a number between 0 and 65535")
    port, has_authorizer = int(text), authorizer is not None
    key = (os.environ.get("SESSION_KEY") or secrets.token_hex(32)) if authorizer else None
    with (
        running(package, port=port, workers=_AT_ONCE, has_authorizer=has_authorizer) as stack,
        shared(stack.workers, tell) as invoke,
        _users(authorizer, key, stack) as authorize,
    ):
        logging.basicConfig(format="%(message)s", stream=sys.stdout)
        logging.getLogger("tools.local").setLevel(logging.INFO)
        login = BY_AUTHORIZER if authorizer else BY_JWT
        more = issuer_pages(stack.jwt_issuer, key) | pages(stack.cognito, stack.notice, login)
        with server.served(http_api(invoke, authorize, more), stack.listening):
            print(_guide(stack, login), flush=True)
            threading.Event().wait()
    return 0


@contextmanager
def _users(authorizer: str | None, key: str | None, stack: Stack) -> Iterator[Authorize]:
    if authorizer is None:
        yield by_jwt(stack.jwt_issuer)
        return
    with authorizing(authorizer, key or "") as worker, shared([worker], tell) as invoke:
        yield by_lambda(invoke)


def tell(worker: Worker) -> None:
    """Show what was printed, but for the metrics."""
    for line in written(worker.news()):
        log.info("%s", line)


def _guide(stack: Stack, login: Login) -> str:
    told = (
        f"{textwrap.fill(what, 100)}:\n{textwrap.indent(command, '  ')}\n"
        for what, command in commands(stack.url, stack.cognito, login).items()
    )
    return _GUIDE.format(notice=stack.notice, url=stack.url, commands="".join(told))


if __name__ == "__main__":
    sys.exit(exit_status(serve, interrupted=0))
