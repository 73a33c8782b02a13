"""The client's configuration, and the deadline of a call."""

import contextlib
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from openid_token import cognito
from openid_token.cognito import (
    ATTEMPTS,
    CONNECT_SECONDS,
    DEADLINE_SECONDS,
    READ_SECONDS,
    DeadlinePassed,
    create_client,
    within_deadline,
)

SOON = 0.01


def test_the_client_is_in_the_pools_region_whatever_the_environment_says() -> None:
    client = create_client("eu-central-1")

    assert client.meta.region_name == "eu-central-1"
    assert client.meta.endpoint_url == "https://cognito-identity.eu-central-1.amazonaws.com"


def test_the_client_is_bounded() -> None:
    config: Any = create_client("eu-central-1").meta.config

    assert config.connect_timeout == CONNECT_SECONDS
    assert config.read_timeout == READ_SECONDS
    assert config.retries == {"mode": "standard", "total_max_attempts": ATTEMPTS}
    # API Gateway's limit for an integration is 29 s; the deadline leaves room for the rest.
    assert ATTEMPTS * (CONNECT_SECONDS + READ_SECONDS) < DEADLINE_SECONDS < 20


@pytest.mark.parametrize(
    ("variable", "text"),
    [("AWS_MAX_ATTEMPTS", "9"), ("AWS_RETRY_MODE", "legacy")],
)
def test_the_environment_does_not_loosen_the_client(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)

    config: Any = create_client("eu-central-1").meta.config

    assert config.retries == {"mode": "standard", "total_max_attempts": ATTEMPTS}


def test_a_call_returns() -> None:
    assert within_deadline(lambda: 1, 60) == 1


def test_a_call_raises() -> None:
    with pytest.raises(KeyError):
        within_deadline({}.popitem, 60)


def test_a_call_that_is_late_is_ended() -> None:
    with pytest.raises(DeadlinePassed):
        within_deadline(threading.Event().wait, SOON)

    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert within_deadline(lambda: 1, 60) == 1


def test_a_call_that_swallows_the_end_is_ended_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cognito, "_AGAIN_SECONDS", SOON)

    def stubborn() -> None:
        with contextlib.suppress(BaseException):
            threading.Event().wait()
        threading.Event().wait()

    with pytest.raises(DeadlinePassed):
        within_deadline(stubborn, SOON)


def test_botocore_does_not_take_the_end_for_an_error_to_retry() -> None:
    assert not issubclass(DeadlinePassed, Exception)


@pytest.mark.parametrize("outcome", ["returns", "raises", "is late"])
def test_the_signal_is_given_back(outcome: str) -> None:
    before = signal.getsignal(signal.SIGALRM)
    calls: Any = {"returns": int, "raises": {}.popitem, "is late": threading.Event().wait}
    with contextlib.suppress(KeyError, DeadlinePassed):
        within_deadline(calls[outcome], SOON if outcome == "is late" else 60)

    assert signal.getsignal(signal.SIGALRM) is before


def test_off_the_main_thread_the_clients_own_time_outs_are_all() -> None:
    with ThreadPoolExecutor(1) as workers:
        assert workers.submit(within_deadline, lambda: 1, SOON).result() == 1
