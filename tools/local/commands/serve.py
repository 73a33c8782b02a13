"""`make serve`: the function behind HTTP on this machine, until Ctrl-C or SIGTERM."""

import argparse
import json
import logging
import os
import sys
import threading

from tools.local.commands.options import exit_status, options
from tools.local.commands.stack import CannotRunError, Stack, running
from tools.local.commands.variables import sdk_variables
from tools.local.gateway import server
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer.signing import create
from tools.local.page.pages import pages
from tools.local.runtime.sharing import shared

_REQUESTS_AT_ONCE = 2
_GUIDE = """\
{notice}
Open {url} in a browser to ask for tokens and to read the API's reference.
{url}/token takes everybody for a backend, without a signature; it answers this machine only.

A token as a backend:
  curl -X POST {url}/token -H 'content-type: application/json' \\
    -d '{backend}'

A token as the signed-in user user-123 (the local JWT issuer signs a JWT for the asking):
  JWT=$(curl -s '{url}/issuer/token?sub=user-123')
  curl -X POST {url}/me/token -H "authorization: Bearer $JWT" \\
    -H 'content-type: application/json' -d '{user}'

AWS credentials as user-123, for any AWS SDK and the AWS CLI, in a shell that has no others (the
file holds the JWT alone, without a line break at its end):
  (umask 077; curl -s -o user.jwt '{url}/issuer/token?sub=user-123')
{variables}
  aws sts get-caller-identity

Ctrl-C stops it."""


def main() -> int:
    """0 when it was stopped, 1 when it could not start."""
    parser = options("Run the function behind HTTP on this machine.")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 3000)
    arguments = parser.parse_args()
    logging.basicConfig(format="%(message)s", stream=sys.stdout)
    logging.getLogger("tools.local").setLevel(logging.INFO)
    return exit_status(lambda: _serve(arguments), interrupted=0)


def _serve(arguments: argparse.Namespace) -> int:
    try:
        listening = server.opened(arguments.port)
    except OverflowError:
        raise CannotRunError("PORT must be between 0 and 65535") from None
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CannotRunError(
            f"port {arguments.port} can't be used: {reason}. Choose another with PORT=number."
        ) from None
    with (
        listening,
        running(
            arguments.package,
            pool=arguments.pool,
            provider=arguments.provider,
            environments=_REQUESTS_AT_ONCE,
        ) as stack,
        shared(stack.environments) as invoke,
    ):
        url = server.url_of(listening)
        application = bridge(invoke, create(url), pages(stack.cognito, stack.notice))
        with server.served(application, listening):
            print(_guide(url, stack), flush=True)
            threading.Event().wait()
    return 0


def _guide(url: str, stack: Stack) -> str:
    pool = {"identity_pool_id": stack.cognito.identity_pool_id}
    backend = {**pool, "logins": {stack.cognito.developer_provider_name: "user-123"}}
    variables = sdk_variables(url, '"$PWD/user.jwt"', stack.cognito)
    return _GUIDE.format(
        notice=stack.notice,
        url=url,
        backend=json.dumps(backend),
        user=json.dumps(pool),
        variables="\n".join(f"  export {name}={value}" for name, value in variables.items()),
    )


if __name__ == "__main__":
    sys.exit(main())
