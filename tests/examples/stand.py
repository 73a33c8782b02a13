"""The served local stack as a user of the examples finds it, and the examples run against it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from werkzeug import Request, Response

from tests.examples.aws_api import AwsApi
from tests.examples.commands import COMMANDS, INSTALLED, PROCESS, USER, install_javascript
from tests.runtime.emulation import deployed
from tests.workflow.lambda_api import ALIAS_ARN, LambdaApi
from tools.local.cognito.embedded import embedded_cognito
from tools.local.gateway import server
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer.signing import JwtIssuer, create, registered, sign

ROLE: Final = "arn:aws:iam::123456789012:role/user"
KEY, SECRET, SESSION = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/b+c=="

type Done = subprocess.CompletedProcess[str]


@dataclass
class Stand:
    """`environment` is what the guides tell a user to set, on a machine of another time zone and
    without a locale. `api` stands for AWS, and `sent` are the requests to the token issuer."""

    api: AwsApi
    home: Path
    jwt_issuer: JwtIssuer
    environment: dict[str, str] = field(default_factory=dict)
    sent: list[Request] = field(default_factory=list)

    def jwt(self, user: str, seconds: int = 300) -> str:
        """A JWT that expires so many seconds from now."""
        return sign(self.jwt_issuer, registered(self.jwt_issuer, user, seconds))

    def run(self, name: str, *more: str, **changes: str | None) -> Done:
        """Run an example, with `more` arguments."""
        role = {} if "classic" in name else {"ROLE_ARN": None}
        return self.execute([*COMMANDS[name], *more], **{**role, **changes})

    def javascript(self, script: str, **changes: str | None) -> Done:
        """Run a module beside the examples."""
        install_javascript()
        (INSTALLED / "script.mjs").write_text(script)
        return self.execute(["node", str(INSTALLED / "script.mjs")], **changes)

    def execute(self, command: Sequence[str], **changes: str | None) -> Done:
        """Run a command, which may print no secret. `changes` are put over the environment; `None`
        removes a variable."""
        done = self.trusted(command, **changes)
        # Credentials are the answer of the one command that AWS profiles run.
        printed = done.stderr if command[: len(PROCESS)] == PROCESS else done.stdout + done.stderr
        for secret in [*self.api.secrets(), SECRET, SESSION]:
            assert secret not in printed
        return done

    def trusted(self, command: Sequence[str], **changes: str | None) -> Done:
        """Run a command for a test that may see a token; what it runs shows no secret to `ps`."""
        if command[0] == "node":
            install_javascript()
        merged = {**self.environment, **changes}
        environ = {name: value for name, value in merged.items() if value is not None}
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        shown = (self.home / "arguments").read_text()
        (self.home / "arguments").write_text("")
        for secret in [*self.api.secrets(), SECRET, SESSION, environ.get("USER_JWT") or SECRET]:
            assert secret not in shown
        return done


@contextmanager
def standing(package: Path, home: Path) -> Iterator[Stand]:
    """Serve the function over HTTP and as Lambda would, with the embedded AWS behind it."""
    with ExitStack() as stack:
        api = AwsApi()
        aws = stack.enter_context(server.serving(Request.application(api)))
        cognito = stack.enter_context(embedded_cognito())
        api.upstream = cognito.endpoint_url or ""
        listening = stack.enter_context(server.opened())
        url = server.url_of(listening)
        stand = Stand(api, home, create(url))
        settings = {
            "IDENTITY_POOL_ID": cognito.identity_pool_id,
            "DEVELOPER_PROVIDER_NAME": cognito.developer_provider_name,
            "JWT_ISSUER": stand.jwt_issuer.url,
        }
        function = stack.enter_context(deployed(package, aws, settings))
        invoke = lambda event, trace: function.invoke(event, trace_id=trace)  # noqa: E731
        door = http_api(invoke, by_jwt(stand.jwt_issuer))
        stack.enter_context(server.served(_watched(door, stand.sent), listening))
        lambda_api = Request.application(LambdaApi(function))
        stand.environment |= {
            "HOME": str(home),
            "TZ": "America/New_York",
            "LC_ALL": "C",
            "PATH": os.pathsep.join([*_noting(home), os.environ["PATH"]]),
            "PYTHONWARNINGS": "error",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_SESSION_TOKEN": SESSION,
            "AWS_ENDPOINT_URL": aws,
            "AWS_ENDPOINT_URL_LAMBDA": stack.enter_context(server.serving(lambda_api)),
            "TOKEN_ENDPOINT": f"{url}/token",
            "USER_TOKEN_ENDPOINT": f"{url}/me/token",
            "USER_CREDENTIALS_ENDPOINT": f"{url}/me/credentials",
            "FUNCTION_ALIAS_ARN": ALIAS_ARN,
            "ROLE_ARN": ROLE,
            "POOL": cognito.identity_pool_id,
            "PROVIDER": cognito.developer_provider_name,
            "USER_JWT": stand.jwt(USER, seconds=3600),
        }
        yield stand


def _noting(home: Path) -> list[str]:
    """The first places of PATH: commands that note their arguments in `home`, then the others."""
    noting = home / "noting"
    noting.mkdir()
    (home / "arguments").touch()
    for name in ("aws", "curl", "jq", "node"):
        script = noting / name
        script.write_text(
            '#!/bin/sh\necho "$0 $*" >>"$HOME/arguments"\nPATH=${PATH#*:} exec "${0##*/}" "$@"\n'
        )
        script.chmod(0o755)
    return [str(noting), str(Path(sys.executable).parent)]


def _watched(application: Any, sent: list[Request]) -> Any:
    @Request.application
    def watching(request: Request) -> Response:
        body = request.get_data()
        sent.append(request)
        return Response.from_app(application, {**request.environ, "wsgi.input": BytesIO(body)})

    return watching
