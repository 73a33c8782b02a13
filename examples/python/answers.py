"""A module that asks over HTTP, and takes an answer for what it is: the token issuer's, or not.

Nothing that comes back reaches a terminal as it is, and no secret that was sent is shown.
"""

import json
import os
import re
from collections.abc import Mapping
from typing import Any

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.utils import get_environ_proxies

# Nothing else may carry a secret, and the same in examples/cli and examples/javascript.
ENDPOINT = r"(https://|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(?![^/]))[!-~]*"
# What a header can carry: libraries that are given anything else quote it when they refuse it.
WORD = r"[!-~]+"
IDENTITY = r"[\w-]+:[0-9a-f-]+"
JWT = r"[\w-]+\.[\w-]+\.[\w-]+"
# API Gateway answers within 29 seconds.
TIMEOUT_SECONDS = 30
ADVICE = {
    400: "Correct the request.",
    401: "The JWT is not valid, or no longer: sign in again.",
    403: "Either your AWS credentials may not call the issuer, or it does not allow what you ask.",
    404: "Check the endpoint and the pool.",
    409: "The login belongs to another identity: leave the identity out, or merge the two.",
    429: "Wait for a moment, then ask again.",
    503: "Wait for a moment, then ask again.",
}


class SettingError(Exception):
    """A setting is missing; the message says which, and what belongs there."""


class TokenIssuerError(Exception):
    """There is no token; the message says why, and what to do, in one line. `code` is the error's
    class, such as `AccessDeniedException`, where the issuer named it."""

    def __init__(self, *parts: str, code: object = "") -> None:
        super().__init__(one_line(*parts))
        self.code = one_line(str(code))


def required(environ: Mapping[str, str], name: str, meaning: str) -> str:
    """A variable that must be there.

    Raises:
        SettingError: it is not.
    """
    if not environ.get(name):
        raise SettingError(f"Set {name} to {meaning}.")
    return environ[name]


def one_line(*parts: str) -> str:
    """What may go to a terminal: no line break, and no other character that it would obey."""
    words = " ".join(" ".join(parts).split())
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:1000]


def part(answer: Mapping[str, Any], form: str, *names: str) -> str:
    """What an answer has by the first of these names that is there.

    Raises:
        TokenIssuerError: nothing of this form.
    """
    found = next((answer[name] for name in names if name in answer), None)
    if not (isinstance(found, str) and re.fullmatch(form, found, re.ASCII)):
        raise TokenIssuerError("What answered is not the token issuer: check the endpoint.")
    return found


def answer_to(request: AWSRequest) -> dict[str, Any]:
    """What the token issuer answers. No redirect is followed.

    Raises:
        SettingError: the endpoint is neither https nor on this machine.
        TokenIssuerError: it refuses or fails.
        botocore.exceptions.BotoCoreError: it can't be reached.
    """
    if not re.fullmatch(ENDPOINT, str(request.url), re.ASCII):
        raise SettingError("Set the endpoint to an https URL, as the stack's output is.")
    authorities: Any = os.environ.get("AWS_CA_BUNDLE") or True
    proxies = get_environ_proxies(str(request.url))
    session = URLLib3Session(authorities, proxies, TIMEOUT_SECONDS)
    response = session.send(request.prepare())
    answer = object_in(response.content)
    if response.status_code == 200:
        return answer
    why = _why(response.status_code, answer)
    # Some refusals repeat the headers that were signed.
    for name in ("authorization", "x-amz-security-token"):
        for word in str(request.headers.get(name, "")).split():
            why = why.replace(word, "(hidden)")
    advice = ADVICE.get(response.status_code, "Try again; the function's log says more.")
    raise TokenIssuerError(why, advice, code=answer.get("code", ""))


def object_in(content: bytes) -> dict[str, Any]:
    """The JSON object that an answer is, or an empty one."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _why(status: int, problem: Mapping[str, Any]) -> str:
    # API Gateway's own answers have only a message.
    what = f"{problem['code']}: {problem.get('detail')}" if "code" in problem else ""
    what = what or problem.get("message") or problem.get("Message") or ""
    try:
        rules = "; ".join(f"{e['argument']}: {e['message']}" for e in problem.get("errors", ()))
    except (KeyError, TypeError):
        rules = ""
    return f"The token issuer answered {status}. {what} {rules and f'({rules})'}"
