"""The workflows, executed: the interpreter → Lambda's API → the function in the real runtime
client → a scripted Cognito. Only the last is not the real thing."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from moto import mock_aws
from moto.core.config import DefaultConfig
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from pytest_httpserver import HTTPServer

from tests.runtime.emulation import deployed
from tests.workflow.lambda_api import INVOCATIONS, LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito
from tools.runtime_api.process import RuntimeProcess

_EXECUTES: DefaultConfig = {"stepfunctions": {"execute_state_machine": True}}


@pytest.fixture(scope="session")
def server() -> Iterator[HTTPServer]:
    """Where Cognito and Lambda are. One for all tests, because its address is in the function's
    environment."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture(scope="session")
def function(built_package: Path, server: HTTPServer) -> Iterator[RuntimeProcess]:
    """The function as it is deployed. One for all tests, because it costs a cold start."""
    with deployed(built_package, server.url_for("")) as running:
        yield running


@pytest.fixture
def cognito(server: HTTPServer) -> Iterator[ScriptedCognito]:
    """What the function finds where Cognito should be."""
    scripted = ScriptedCognito()
    server.expect_request("/").respond_with_handler(scripted)
    yield scripted
    server.clear()


@pytest.fixture
def lambda_api(
    function: RuntimeProcess,
    cognito: ScriptedCognito,
    server: HTTPServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[LambdaApi]:
    """The interpreter's Lambda. Its SDK client finds it by the SDK's own setting, which takes
    the call past moto's Lambda."""
    api = LambdaApi(function)
    server.expect_request(INVOCATIONS).respond_with_handler(api)
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", server.url_for(""))
    with mock_aws(config=_EXECUTES):
        yield api


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the interpreter would have waited before each retry, in order."""
    seconds: list[float] = []
    monkeypatch.setattr(retrier_decl, "time", SimpleNamespace(sleep=seconds.append))
    return seconds
