"""The client of Cognito, and how long a call may take."""

from __future__ import annotations

import random
import signal
import threading
from typing import TYPE_CHECKING, Final, Never, cast

import botocore.session
from botocore.config import Config
from snapshot_restore_py import register_after_restore

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_cognito_identity import CognitoIdentityClient

CONNECT_SECONDS: Final = 1
READ_SECONDS: Final = 3
ATTEMPTS: Final = 3
# All attempts and the longest backoffs between them (1 s and 2 s). A name with many addresses
# and an answer that trickles in know no time-out of botocore's: the deadline ends these too.
DEADLINE_SECONDS: Final = ATTEMPTS * (CONNECT_SECONDS + READ_SECONDS) + 1 + 2
_AGAIN_SECONDS: Final = 0.5

# Environments restored from one snapshot would all wait the same "random" backoff.
register_after_restore(random.seed)


def create_client(region: str) -> CognitoIdentityClient:
    """A client for the pool's region: standard retries with jitter, bounded time-outs.

    It checks no parameters, because the argument rules have, and because botocore's messages
    would repeat the values. A user agent of its own spares botocore composing one twice a call.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        parameter_validation=False,
        tcp_keepalive=True,
        user_agent="cognito-openid-token-issuer",
    )
    session = botocore.session.get_session()
    client = session.create_client("cognito-identity", region_name=region, config=config)
    return cast("CognitoIdentityClient", client)


class DeadlinePassed(BaseException):
    """A call took too long. No `Exception`, because botocore would catch it and try again."""


def within_deadline[T](call: Callable[[], T], seconds: float) -> T:
    """What `call` returns or raises, but not later than in `seconds`.

    A signal ends it, which costs a call nothing; a worker thread costs it a quarter more CPU.
    Signals reach the main thread only, where Lambda runs the handler: on any other thread
    botocore's own time-outs are all there is.

    Raises:
        DeadlinePassed: after `seconds`.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()
    before = signal.signal(signal.SIGALRM, _end)
    try:
        try:
            # Again and again, in case the first one ends in code that swallows exceptions.
            signal.setitimer(signal.ITIMER_REAL, seconds, _AGAIN_SECONDS)
            return call()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        # Once more: the signal may have come just before the line above.
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _end(_signal: int, _frame: object) -> Never:
    raise DeadlinePassed
