"""What Cognito does with a call, well or badly: an `Act`.

An act is the same in this process and behind a socket. Those that do what no response can say need
the socket; their names say so: they reset, hang up, trickle.
"""

import json
import re
import socket
import struct
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.kit.builders import IDENTITY, LOGIN, POOL, PROVIDER, Json, token

ISSUE: Final = "GetOpenIdTokenForDeveloperIdentity"
EXCHANGE: Final = "GetCredentialsForIdentity"
CREDENTIALS: Final[Json] = {
    "AccessKeyId": "ASIAEXAMPLE000000002",
    "SecretKey": "canary-9e31/secret+key",
    "SessionToken": "canary-c0de/session+token==",
    "Expiration": 1_795_696_592,
}
# What http.client reads at once: bytes behind it stay where TLS has decrypted them.
_AT_ONCE: Final = 8192
_PAUSE_SECONDS: Final = 0.5
# Later than the next caller asks.
_SOON_SECONDS: Final = 0.05
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Reply:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, content: object, status: int = 200, **headers: str) -> "Reply":
        """A JSON response; header names are given with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        kind = {"Content-Type": "application/x-amz-json-1.1"}
        return cls(status, json.dumps(content).encode(), kind | named)


@dataclass(frozen=True)
class Call:
    """What was asked. Over a socket `wire` is the connection's own, and `healed` is set once the
    fault is over."""

    operation: str
    given: Json
    headers: Mapping[str, str]
    wire: Any = None
    healed: threading.Event = field(default_factory=threading.Event)


type Act = Callable[[Call], Reply]


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins get; the samples' user has the samples' identity."""
    if logins == {PROVIDER: LOGIN}:
        return IDENTITY
    return f"eu-central-1:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(logins, sort_keys=True))}"


def token_of(logins: Mapping[str, str], pool: str = POOL) -> str:
    """The token that is issued for these logins."""
    return token(sub=identity_of(logins), aud=pool)


def serves(end: str = "", /, **credentials: object) -> Act:
    """Do as Cognito does when all is well: tokens have this `end`, and only such a token is
    exchanged, for `CREDENTIALS` but for these changes; `...` leaves one out."""
    given = {name: part for name, part in (CREDENTIALS | credentials).items() if part is not ...}
    issued: dict[str, str] = {}

    def act(call: Call) -> Reply:
        if call.operation == ISSUE:
            identity = identity_of(call.given["Logins"])
            issued[identity] = token_of(call.given["Logins"], call.given["IdentityPoolId"]) + end
            return Reply.json({"IdentityId": identity, "Token": issued[identity]})
        identity, logins = call.given["IdentityId"], call.given["Logins"]
        if logins != {"cognito-identity.amazonaws.com": issued.get(identity)}:
            return refuses("NotAuthorizedException")(call)
        return Reply.json({"IdentityId": identity, "Credentials": given})

    return act


def answers(*replies: Reply | Exception) -> Act:
    """Each of these in turn, and the last from then on. An exception is the transport's."""
    left = list(replies)

    def act(_: Call) -> Reply:
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    return act


def refuses(name: str, message: str = "as the test asked", status: int = 400) -> Act:
    """Answer with an error in the form of AWS JSON 1.1."""
    return answers(Reply.json({"__type": name, "message": message}, status))


issues: Final = serves()
throttles: Final = refuses("TooManyRequestsException")
garbage: Final = answers(Reply.json(["what?"]))


def in_turn(*acts: Act) -> Act:
    """Each of these for one token, then what Cognito does; every token can be exchanged."""
    left = list(acts)
    return lambda call: (left.pop(0) if left and call.operation == ISSUE else issues)(call)


def at_first(times: int, act: Act) -> Act:
    """`act` for as many attempts of each call, and what Cognito does for the rest."""

    def either(call: Call) -> Reply:
        [attempt] = re.findall(r"attempt=(\d+)", call.headers["amz-sdk-request"])
        return (act if int(attempt) <= times else issues)(call)

    return either


def at_exchange(act: Act, before: Act = issues) -> Act:
    """`act` where the token is exchanged, and `before` where it is issued."""
    return lambda call: (act if call.operation == EXCHANGE else before)(call)


class HangUpError(Exception):
    """Nothing more is sent, and the connection is closed."""


class SentError(Exception):
    """All has been sent already, and the connection is kept."""


def resets(call: Call) -> Reply:
    """Reset the connection."""
    call.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    raise HangUpError


def never_answers(call: Call) -> Reply:
    """Say nothing for as long as the fault lasts."""
    call.healed.wait()
    raise HangUpError


def trickles(*parts: bytes) -> Act:
    """Send these, with pauses shorter than a read may take, while the fault lasts; then hang up."""

    def act(call: Call) -> Reply:
        for number, part in enumerate(parts):
            if not (number and call.healed.wait(_PAUSE_SECONDS)):
                call.wire.sendall(part)
        raise HangUpError

    return act


def answers_twice(*, in_one_record: bool) -> Act:
    """Send the answer, and right behind it one that nobody asked for: another user's."""
    last = b""

    def twice(call: Call) -> Reply:
        nonlocal last
        body = issues(call).body
        own, surplus = _raw(body), _raw(last or body)
        padded = _raw(body, b"x" * (_AT_ONCE - len(own)))
        for part in (padded + surplus,) if in_one_record else (padded, surplus):
            call.wire.sendall(part)
        last = body
        raise SentError

    return twice


def answers_late(first: bytes) -> Act:
    """Send `first`, which answers nothing, and soon after the answer."""

    def late(call: Call) -> Reply:
        body = issues(call).body
        call.wire.sendall(first)
        call.healed.wait(_SOON_SECONDS)
        call.wire.sendall(_raw(body))
        raise SentError

    return late


def _raw(body: bytes, pad: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nX-Pad: %b\r\nContent-Length: %d\r\n\r\n%b"
    return head % (pad, len(body), body)
