"""The client of Cognito and its time-outs.

Three attempts of a second to connect and three to read, with backoffs of at most 1 s and 2 s
between them, end within 15 seconds. That holds in both of botocore's standard modes: the one of
2026 waits as long after a throttle, and less after a failure. What no time-out of botocore's ends,
such as an answer that trickles in, or a second for each of many addresses, the function's own
timeout of 20 seconds does.
"""

import random
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.handlers import BUILTIN_HANDLERS
from snapshot_restore_py import register_after_restore

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient

# boto3's stubs are not deployed; nothing evaluates the name at run time.
type Client = CognitoIdentityClient

CONNECT_SECONDS: Final = 1
READ_SECONDS: Final = 3
ATTEMPTS: Final = 3

# Environments restored from one snapshot would all wait the same "random" backoff.
register_after_restore(random.seed)


def create_client(region: str) -> Client:
    """A client for the pool's region: standard retries with jitter, bounded time-outs.

    It checks no parameters, because the argument rules have, and because botocore's messages
    would repeat the values. A user agent of its own saves botocore composing one twice a call.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        parameter_validation=False,
        tcp_keepalive=True,
        user_agent="cognito-openid-token-issuer",
    )
    session = botocore.session.Session(include_builtin_handlers=False)
    for event, handler, *_ in BUILTIN_HANDLERS:
        # Those of other services take half of a client's time. None of these is first or last.
        if event.split(".")[1:2] in ([], ["cognito-identity"]):
            session.register(event, handler)
    client: Any = session.create_client("cognito-identity", region_name=region, config=config)
    client.meta.events.register_first("needs-retry.cognito-identity", partial(_answered, client))
    return cast("Client", client)


def error_name(parsed: Mapping[str, Any]) -> str:
    """The error that an answer names, if any: in its place botocore puts the status."""
    code = str(parsed.get("Error", {}).get("Code", ""))
    return code if code.isidentifier() else ""


def _answered(client: Any, response: tuple[AWSResponse, Any] | None, **_: object) -> None:
    """Look at an answer before botocore asks again. It may demand five seconds more between two
    attempts, which would outlast the function: the caller is told to wait instead."""
    if response is None:
        return
    raw, parsed = response
    raw.headers.pop("x-amz-retry-after", None)
    if raw.status_code >= HTTPStatus.MULTIPLE_CHOICES and not error_name(parsed):
        client.close()  # Cognito's own answer may come yet.
