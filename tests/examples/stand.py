"""The served local stack as a user of the examples finds it, and the examples run against it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from werkzeug import Request, Response

from tests.examples.aws_api import AwsApi
from tests.workflow.lambda_api import ALIAS_ARN, LambdaApi
from tools.local.commands.stack import running
from tools.local.gateway import server
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer import pages as issuer_pages
from tools.local.jwt_issuer import signing as issuer
from tools.local.runtime.sharing import shared

ROOT: Final = Path(__file__).parents[2]
EXAMPLES: Final = ROOT / "examples"
ROLE: Final = "arn:aws:iam::123456789012:role/user"
KEY, SECRET, SESSION = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/b+c=="


@dataclass(frozen=True)
class Sent:
    """One HTTP request to the token issuer, for a look at its signature."""

    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Stand:
    """`environment` is what the guide tells a user to set. `api` stands for AWS."""

    api: AwsApi
    environment: dict[str, str]
    jwt: Callable[[str], str]
    sent: list[Sent] = field(default_factory=list)

    def run(
        self, command: Sequence[str | Path], **changes: str | None
    ) -> subprocess.CompletedProcess[str]:
        """Run an example. `changes` are put over the environment; `None` removes a variable."""
        merged = {**self.environment, **changes}
        environ = {name: value for name, value in merged.items() if value is not None}
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        for secret in [*self.api.secrets(), SECRET, SESSION]:
            assert secret not in done.stdout + done.stderr
        return done


@contextmanager
def standing(package: Path, home: Path) -> Iterator[Stand]:
    """Serve the function over HTTP and as Lambda would, with the embedded AWS behind it."""
    with ExitStack() as stack:
        api = AwsApi()
        aws = _serve(stack, Request.application(api))
        settings = {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": aws}
        run = stack.enter_context(running(package, settings=settings))
        api.upstream = run.cognito.endpoint_url or ""
        listening = stack.enter_context(server.opened())
        url = server.url_of(listening)
        known = issuer.create(f"{url}{issuer_pages.PREFIX}")
        stand = Stand(api, {}, lambda user: issuer.signed(known, user))
        door = bridge(stack.enter_context(shared(run.environments)), jwt_issuer=known)
        stack.enter_context(server.served(_watched(door, stand.sent), listening))
        function = _serve(stack, Request.application(LambdaApi(run.environments[0])))
        stand.environment |= _backend(url, aws, function, home)
        stand.environment |= {"POOL": run.cognito.identity_pool_id}
        stand.environment |= {"PROVIDER": run.cognito.developer_provider_name}
        yield stand


def _serve(stack: ExitStack, application: Any) -> str:
    listening = stack.enter_context(server.opened())
    stack.enter_context(server.served(application, listening))
    return server.url_of(listening)


def _watched(application: Any, sent: list[Sent]) -> Any:
    @Request.application
    def watching(request: Request) -> Response:
        body = request.get_data()
        sent.append(Sent(request.url, dict(request.headers), body))
        return Response.from_app(application, {**request.environ, "wsgi.input": BytesIO(body)})

    return watching


def _backend(url: str, aws: str, function: str, home: Path) -> dict[str, str]:
    """The variables of a backend: its own AWS credentials, and where all is."""
    return {
        "HOME": str(home),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONWARNINGS": "error",
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": SESSION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY": aws,
        "AWS_ENDPOINT_URL_STS": aws,
        "AWS_ENDPOINT_URL_LAMBDA": function,
        "TOKEN_ENDPOINT": f"{url}/token",
        "USER_TOKEN_ENDPOINT": f"{url}/me/token",
        "FUNCTION_ALIAS_ARN": ALIAS_ARN,
        "ROLE_ARN": ROLE,
    }
