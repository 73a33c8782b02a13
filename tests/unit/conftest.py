"""Unit tests open no socket, wait for nothing and leave nothing behind."""

from collections.abc import Iterator
from typing import Final

import pytest
from botocore.loaders import Loader
from botocore.retries.quota import RetryQuota
from botocore.retries.standard import ExponentialBackoff

from openid_token import telemetry

_LOADER: Final = Loader()


@pytest.fixture(autouse=True)
def no_sockets(socket_disabled: None) -> None:
    """pytest-socket makes each attempt an error."""


@pytest.fixture(autouse=True)
def no_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore retries at once, and a client that many tests have never runs out of retries."""
    monkeypatch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    monkeypatch.setattr(RetryQuota, "acquire", lambda *_: True)


@pytest.fixture(autouse=True)
def no_metrics_left() -> Iterator[None]:
    """Metrics are kept by the class until they are flushed."""
    yield
    telemetry.metrics.clear_metrics()


@pytest.fixture(autouse=True)
def models_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore reads its service models for each session; here all of them share one loader."""
    monkeypatch.setattr("botocore.session.create_loader", lambda *_: _LOADER)
