"""The gateway in front of a function that answers as it is told."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from tools.environment import Answer
from tools.local.gateway.http_api import http_api
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer.pages import pages
from tools.local.jwt_issuer.signing import JwtIssuer, create
from tools.local.sharing import shared

URL = "http://127.0.0.1:3000"

type Ask = Callable[..., TestResponse]


class Recording:
    """An environment that notes its events and answers the same each time."""

    def __init__(self) -> None:
        self.payload: Any = {"statusCode": 200, "headers": {}, "body": "{}"}
        self.error: Exception | str | None = None
        self.events: list[Any] = []
        self.trace_ids: list[str | None] = []

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        self.events.append(event)
        self.trace_ids.append(trace_id)
        if isinstance(self.error, Exception):
            raise self.error
        return Answer(self.payload, self.error, self.error)

    def logs(self) -> str:
        return ""


@pytest.fixture(scope="session")
def jwt_issuer() -> JwtIssuer:
    return create(URL)


@pytest.fixture
def function() -> Recording:
    return Recording()


@pytest.fixture
def ask(function: Recording, jwt_issuer: JwtIssuer) -> Iterator[Ask]:
    with shared([function]) as invoke:
        api = http_api(invoke, by_jwt(jwt_issuer), pages(jwt_issuer))
        client = Client(api, use_cookies=False)

        def ask(method: str, path: str, **options: Any) -> TestResponse:
            return client.open(path, method=method, **{"base_url": URL, **options})

        yield ask
