"""The mix of requests, and what is right about the answer to each."""

import json
import random
import string
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from tools.local.cognito.embedded import PROVIDER
from tools.local.commands.samples import POOL
from tools.quick_cognito.answers import credentials_of, identity_of, token_of

OTHER_POOL: Final = f"{POOL[:-1]}0"
EXECUTION: Final = "arn:aws:states:eu-central-1:123456789012:express:issue-token:load:1"
_EXCHANGED_SECONDS: Final = 60
_RFC_3339: Final = "%Y-%m-%dT%H:%M:%SZ"
CROSSED: Final = "an answer that belongs to another request"
UNEXPECTED: Final = "an answer that is not expected"

type Json = dict[str, Any]


@dataclass(frozen=True)
class Ask:
    """One request; `problem` says what is wrong with the answer to it, if anything.

    `as_user` asks for the user's JWT in the header; `invokes` is false where API Gateway itself
    answers.
    """

    path: str
    body: str
    problem: Callable[[int, Any], str | None]
    as_user: bool = False
    invokes: bool = True
    method: str = "POST"


def backend(path: str, **more: Any) -> Ask:
    """A good request of a backend, for a user of its own."""
    number = uuid.uuid4()
    logins, tags = {PROVIDER: f"user-{number}"}, {"department": f"team-{number.int % 97}"}
    duration = number.int % 86_400 + 1
    given = {**_given(logins), "principal_tags": tags, "token_duration": duration, **more}
    wanted = _wanted(logins, tags, duration)
    return Ask(path, json.dumps(given), lambda status, body: _not_own(wanted, status, body))


def signed_in(user: str) -> Ask:
    """A good request of the signed-in `user`."""
    duration = uuid.uuid4().int % 900 + 1
    wanted = _wanted({PROVIDER: user}, {"department": f"team-{user}"}, duration)
    body = json.dumps({"identity_pool_id": POOL, "token_duration": duration})
    return Ask("/me/token", body, lambda status, said: _not_own(wanted, status, said), as_user=True)


def credentials(user: str) -> Ask:
    """A good request of the signed-in `user`'s AWS SDK."""
    tags = {"department": f"team-{user}"}
    given = credentials_of(token_of({PROVIDER: user}, tags, _EXCHANGED_SECONDS))
    wanted = {
        "AccessKeyId": given["AccessKeyId"],
        "SecretAccessKey": given["SecretKey"],
        "Token": given["SessionToken"],
        "Expiration": datetime.fromtimestamp(given["Expiration"], UTC).strftime(_RFC_3339),
    }

    def problem(status: int, body: Any) -> str | None:
        return _not_own(wanted, status, body)

    return Ask("/me/credentials", "", problem, as_user=True, method="GET")


def unknown_argument(path: str) -> Ask:
    """A request that is refused by the name of its own unknown argument."""
    name = f"x_{''.join(random.choices(string.ascii_lowercase, k=30))}"  # noqa: S311

    def problem(status: int, body: Any) -> str | None:
        if (unexpected := _refused(400, "InvalidParameterException", status, body)) is not None:
            return unexpected
        return None if name in _detail(body) else CROSSED

    return Ask(path, json.dumps({**_given({PROVIDER: "user"}), name: 1}), problem)


def refused(path: str, status: int, code: str, body: str, *, as_user: bool = False) -> Ask:
    """A request that is refused with this class."""
    return Ask(path, body, lambda *said: _refused(status, code, *said), as_user=as_user)


def without_jwt() -> Ask:
    """A request that API Gateway refuses."""
    return Ask("/me/token", "{}", _unauthorized, invokes=False)


def _unauthorized(status: int, _: Any) -> str | None:
    return None if status == 401 else UNEXPECTED


def _given(logins: Mapping[str, str]) -> Json:
    return {"identity_pool_id": POOL, "logins": logins}


_NO_JSON: Final = refused("/token", 400, "InvalidParameterException", "{")
_ANOTHER_POOL: Final = refused(
    "/token", 403, "AccessDeniedException", json.dumps({"identity_pool_id": OTHER_POOL})
)
_ANOTHERS_LOGIN: Final = refused(
    "/me/token", 403, "AccessDeniedException", json.dumps(_given({PROVIDER: "x"})), as_user=True
)

MIX: Final[Mapping[str, tuple[int, Callable[[str], Ask]]]] = {
    "POST /token": (9, lambda _: backend("/token")),
    "POST /me/token": (3, signed_in),
    "GET /me/credentials": (3, credentials),
    "direct": (4, lambda _: backend("/direct")),
    "workflow": (3, lambda _: backend("/direct", execution_id=EXECUTION)),
    "REST POST /token": (3, lambda _: backend("/rest")),
    "POST /token, unknown argument": (2, lambda _: unknown_argument("/token")),
    "direct, unknown argument": (1, lambda _: unknown_argument("/direct")),
    "REST, unknown argument": (1, lambda _: unknown_argument("/rest")),
    "POST /token, no JSON": (1, lambda _: _NO_JSON),
    "POST /token, another pool": (1, lambda _: _ANOTHER_POOL),
    "POST /me/token, logins": (1, lambda _: _ANOTHERS_LOGIN),
    "POST /me/token, no JWT": (1, lambda _: without_jwt()),
}
"""Each request by its name: how often, and how it is made for a signed-in user. The good ones of
backends and of users over HTTP are as 3 to 2, as the throttles of their routes are."""


def _wanted(logins: Mapping[str, str], tags: Mapping[str, str], duration: int) -> Json:
    return {
        "identity_pool_id": POOL,
        "identity_id": identity_of(logins),
        "logins": logins,
        "principal_tags": tags,
        "token_duration": duration,
        "token": token_of(logins, tags, duration),
    }


def _not_own(wanted: Json, status: int, body: Any) -> str | None:
    if status != 200 or not isinstance(body, dict) or not wanted.keys() <= body.keys():
        return UNEXPECTED
    return None if {**body, **wanted} == body else CROSSED


def _refused(wanted: int, code: str, status: int, body: Any) -> str | None:
    if status != wanted or not isinstance(body, dict):
        return UNEXPECTED
    return None if code in (body.get("code"), body.get("errorType")) else UNEXPECTED


def _detail(body: Json) -> str:
    return str(body.get("detail") or body.get("errorMessage"))
