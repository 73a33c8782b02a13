"""The workflows, executed: the interpreter → Lambda's API → the function in the real runtime
client → Cognito, played. Only the last is not the real thing."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from moto import mock_aws
from moto.core.config import DefaultConfig
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from werkzeug.wrappers import Request

from tests.kit.cognito import Cognito, served
from tests.kit.lambda_api import LambdaApi
from tests.kit.runtime import deployed
from tools.local.web import server

_EXECUTES: DefaultConfig = {"stepfunctions": {"execute_state_machine": True}}


@pytest.fixture(scope="session")
def _stand(built_package: Path) -> Iterator[tuple[Cognito, LambdaApi, str]]:
    """The function as it is deployed, between Cognito and Lambda's API. One for all tests, because
    it costs a cold start."""
    cognito = Cognito()
    with served(cognito) as url, deployed(built_package, url) as function:
        api = LambdaApi(function)
        with server.serving(Request.application(api)) as address:
            yield cognito, api, address


@pytest.fixture
def cognito(_stand: tuple[Cognito, LambdaApi, str]) -> Iterator[Cognito]:
    """What the function finds where Cognito should be, healthy again after the test."""
    yield _stand[0]
    _stand[0].heal()


@pytest.fixture
def lambda_api(
    _stand: tuple[Cognito, LambdaApi, str], cognito: Cognito, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LambdaApi]:
    """The interpreter's Lambda. Its SDK client finds it by the SDK's own setting, which takes
    the call past moto's Lambda."""
    _, api, address = _stand
    api.events.clear()
    api.answers.clear()
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", address)
    with mock_aws(config=_EXECUTES):
        yield api


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the interpreter would have waited before each retry, in order."""
    seconds: list[float] = []
    monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=seconds.append))
    return seconds
