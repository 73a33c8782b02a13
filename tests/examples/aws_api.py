"""The embedded AWS, with a note of what it was asked, and errors where a test wants one."""

import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import urllib3
from werkzeug import Request, Response

from tests.kit.builders import Json

ISSUE, ENHANCED = "GetOpenIdTokenForDeveloperIdentity", "GetCredentialsForIdentity"
CLASSIC = "AssumeRoleWithWebIdentity"
_SECRETS = re.compile(
    r'"(?:Token|SecretKey|SessionToken)": ?"([^"]+)|<(?:SecretAccessKey|SessionToken)>(.*?)</'
)


@dataclass(frozen=True)
class Call:
    """One call and its answer, both as text of the API's own protocol."""

    operation: str
    asked: Json
    answer: str


@dataclass
class AwsApi:
    """Passes each call on to `upstream`. An operation in `refusals` fails with that code."""

    upstream: str = ""
    calls: list[Call] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)

    def __call__(self, request: Request) -> Response:
        """Serve one call."""
        target = request.headers.get("X-Amz-Target", "")
        body = request.get_data()
        asked: Json = json.loads(body) if target else dict(parse_qsl(body.decode()))
        operation = target.rpartition(".")[2] or asked["Action"]
        if operation in self.refusals:
            code = self.refusals[operation]
            error = f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"
            return Response(json.dumps({"__type": code}) if target else error, 400)
        headers = {name: value for name, value in request.headers if name != "Host"}
        answer = urllib3.request("POST", f"{self.upstream}/", body=body, headers=headers)
        self.calls.append(Call(operation, asked, answer.data.decode()))
        return Response(answer.data, answer.status, content_type=answer.headers["Content-Type"])

    def users(self) -> list[str]:
        """Whom a token was asked for, in order."""
        asked = [call.asked["Logins"] for call in self.calls if call.operation == ISSUE]
        return [user for logins in asked for user in logins.values()]

    def secrets(self) -> list[str]:
        """All tokens, secret keys and session tokens that were given out."""
        found = [match for call in self.calls for match in _SECRETS.findall(call.answer)]
        return [secret for match in found for secret in match if secret]
