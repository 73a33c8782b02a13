"""The served local stack as a user of the examples finds it, and the examples run against it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug import Request

from tests.examples.aws_api import AwsApi
from tests.examples.commands import COMMANDS, PROCESS, USER, install_javascript
from tests.kit.builders import Json
from tests.kit.lambda_api import ALIAS_ARN, LambdaApi
from tests.kit.runtime import deployed
from tools.environment import Answer
from tools.local.cognito.embedded import embedded_cognito
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer import JwtIssuer, create, registered, sign
from tools.local.web import server

ROLE: Final = "arn:aws:iam::123456789012:role/user"
KEY, SECRET, SESSION = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/b+c=="

type Variables = Mapping[str, str | None]
type Done = subprocess.CompletedProcess[str]


@dataclass
class Stand:
    """`environment` is what the guides tell a user to set, on a machine of another time zone and
    without a locale. `api` stands for AWS, `over_http` are the events of the issuer's HTTP API, and
    `jwts` those that users were given."""

    api: AwsApi
    home: Path
    jwt_issuer: JwtIssuer
    environment: dict[str, str] = field(default_factory=dict)
    over_http: list[Json] = field(default_factory=list)
    jwts: list[str] = field(default_factory=list)

    def jwt(self, user: str, seconds: int = 300) -> str:
        """A JWT that expires so many seconds from now."""
        self.jwts.append(sign(self.jwt_issuer, registered(self.jwt_issuer, user, seconds)))
        return self.jwts[-1]

    def example(self, name: str, changes: Variables, more: Sequence[str] = ()) -> Done:
        """Run an example, with `more` arguments."""
        role = {} if "classic" in name else {"ROLE_ARN": None}
        return self.run([*COMMANDS[name], *more], {**role, **changes})

    def run(self, command: Sequence[str], changes: Variables, *, shows: bool = False) -> Done:
        """Run a command. Neither its arguments nor those of what it runs hold a secret, and nothing
        that it prints does, unless it `shows` what it gets. `changes` are put over the environment;
        `None` removes a variable."""
        if command[0] == "node":
            install_javascript()
        merged = {**self.environment, **changes}
        environ = {name: value for name, value in merged.items() if value is not None}
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=60, check=False
        )
        noted = self.home / "arguments"
        seen = noted.read_text()
        noted.write_text("")
        if not shows:
            # Credentials are the answer of the one command that AWS profiles run.
            answers = command[: len(PROCESS)] == PROCESS
            seen += done.stderr if answers else done.stdout + done.stderr
        secrets = [*self.api.secrets(), *self.jwts, SECRET, SESSION]
        # An assertion about each would print it.
        assert not any(secret in seen for secret in secrets)
        return done


def assert_signed(event: Json, session: str | None) -> None:
    """A request is signed for execute-api in the pool's region with the key of the stand, as
    botocore computes it again: the local gateway looks at no signature."""
    headers = event["headers"]
    form = r"AWS4-HMAC-SHA256 Credential=(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=(\w{64})"
    found, at = re.fullmatch(form, headers["authorization"]), headers["x-amz-date"]
    assert found
    assert found[1] == f"{KEY}/{at[:8]}/eu-central-1/execute-api/aws4_request"
    assert {"host", "x-amz-date"} <= set(found[2].split(";"))
    assert headers.get("x-amz-security-token") == session
    signed = {name: headers[name] for name in found[2].split(";")}
    url = f"http://{headers['host']}{event['rawPath']}"
    request = AWSRequest("POST", url, headers=signed, data=event["body"])
    request.context["timestamp"] = at
    signing = SigV4Auth(Credentials(KEY, SECRET, session), "execute-api", "eu-central-1")
    text = signing.string_to_sign(request, signing.canonical_request(request))
    assert signing.signature(text, request) == found[3]


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

        def invoke(event: Json, trace_id: str) -> Answer:
            stand.over_http.append(event)
            return function.invoke(event, trace_id=trace_id)

        door = http_api(invoke, by_jwt(stand.jwt_issuer))
        stack.enter_context(server.served(door, listening))
        lambda_api = Request.application(LambdaApi(function))
        stand.environment |= {
            "HOME": str(home),
            "TZ": "America/New_York",
            "LC_ALL": "C",
            "PATH": os.pathsep.join([*_noting(home), os.environ["PATH"]]),
            "PYTHONWARNINGS": "error",
            "NODE_NO_WARNINGS": "1",
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
            "USER_JWT": (jwt := stand.jwt(USER, seconds=3600)),
            "USER_JWT_FILE": str(home / "jwt"),
        }
        (home / "jwt").write_text(jwt)
        # Some people's curl follows redirects.
        (home / ".curlrc").write_text("location\n")
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
