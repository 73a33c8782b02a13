"""The gateway in front of a function that answers as it is told."""

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest
from werkzeug.test import Client, TestResponse

from tools.environment import Answer
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer import JwtIssuer, create, pages
from tools.local.web.server import Application

URL = "http://127.0.0.1:3000"

type Ask = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def jwt_issuer() -> JwtIssuer:
    return create(URL)


@pytest.fixture
def function() -> Mock:
    """It is called with an event and a trace id."""
    return Mock(return_value=Answer({"statusCode": 200, "headers": {}, "body": "{}"}))


@pytest.fixture
def gateway(function: Mock, jwt_issuer: JwtIssuer) -> Application:
    return http_api(function, by_jwt(jwt_issuer), pages(jwt_issuer))


@pytest.fixture
def ask(gateway: Application) -> Ask:
    client = Client(gateway, use_cookies=False)

    def ask(method: str, path: str, **options: Any) -> TestResponse:
        return client.open(path, method=method, base_url=URL, **options)

    return ask
