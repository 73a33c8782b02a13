"""The entry point: what is done once for each environment."""

import gc
import importlib
import random
import sys
from types import ModuleType

import pytest
import snapshot_restore_py

from openid_token import connection


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The clients whose connections were to be opened."""
    clients: list[object] = []
    monkeypatch.setattr(connection, "_connect", clients.append)
    return clients


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, opened: list[object]) -> ModuleType:
    """The entry point, loaded as Lambda does."""
    monkeypatch.delitem(sys.modules, "openid_token.handler", raising=False)
    return importlib.import_module("openid_token.handler")


def test_garbage_is_collected_again_once_it_is_loaded(deployed: ModuleType) -> None:
    assert gc.isenabled()
    assert gc.get_freeze_count()


def test_a_deployment_that_is_wrong_fails_at_init(
    monkeypatch: pytest.MonkeyPatch, opened: list[object]
) -> None:
    monkeypatch.setenv("ALLOWED_LOGIN_PROVIDERS", " ")
    monkeypatch.delitem(sys.modules, "openid_token.handler", raising=False)

    with pytest.raises(Exception, match="ALLOWED_LOGIN_PROVIDERS must be a comma-separated list"):
        importlib.import_module("openid_token.handler")
    assert gc.isenabled()
    assert not opened


def test_the_connection_is_opened_at_init_and_after_each_restore(
    deployed: ModuleType, opened: list[object]
) -> None:
    (cognito,) = opened
    function, given, named = snapshot_restore_py.get_after_restore()[-1]
    function(*given, **named)

    assert opened == [cognito, cognito]
    assert (random.seed, (), {}) in snapshot_restore_py.get_after_restore()
