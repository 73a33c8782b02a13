"""Cognito, as far as the issuer sees it: a fake client, and a real client without a network."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, cast
from unittest.mock import Mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from mypy_boto3_cognito_identity import CognitoIdentityClient

from openid_token.client import create_client
from tests.builders import IDENTITY, TOKEN, Json

EXPIRATION: Final = 1_795_696_592
CREDENTIALS: Final[Json] = {
    "AccessKeyId": "ASIAEXAMPLE000000002",
    "SecretKey": "canary-9e31/secret+key",
    "SessionToken": "canary-c0de/session+token==",
    "Expiration": EXPIRATION,
}
_UNTIL: Final = datetime.fromtimestamp(EXPIRATION, UTC)


@dataclass
class FakeCognito:
    """Answers with a token and with credentials, or raises `error` or `exchange_error`;
    `requests` and `exchanges` are what it was asked."""

    answer: object = field(default_factory=lambda: {"IdentityId": IDENTITY, "Token": TOKEN})
    error: BaseException | None = None
    credentials: object = field(default_factory=lambda: {**CREDENTIALS, "Expiration": _UNTIL})
    exchange_error: BaseException | None = None
    identity: str = IDENTITY
    requests: list[dict[str, Any]] = field(default_factory=list)
    exchanges: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[bool] = field(default_factory=list)

    def get_open_id_token_for_developer_identity(self, **request: Any) -> object:
        self.requests.append(request)
        if self.error is not None:
            raise self.error
        return self.answer

    def get_credentials_for_identity(self, **request: Any) -> object:
        self.exchanges.append(request)
        if self.exchange_error is not None:
            raise self.exchange_error
        return {"IdentityId": self.identity, "Credentials": self.credentials}

    @property
    def _endpoint(self) -> Any:
        return Mock(**{"http_session.close.side_effect": lambda: self.dropped.append(True)})

    @property
    def client(self) -> CognitoIdentityClient:
        """The fake as the client that it stands for."""
        return cast("CognitoIdentityClient", self)


@dataclass(frozen=True)
class Reply:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, content: object, status: int = 200, **headers: str) -> "Reply":
        """A JSON response; header names are given with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return cls(status, json.dumps(content).encode(), named)

    @classmethod
    def token(cls) -> "Reply":
        """Cognito's good answer."""
        return cls.json({"IdentityId": IDENTITY, "Token": TOKEN})

    @classmethod
    def credentials(cls, **changes: object) -> "Reply":
        """Cognito's good answer to the exchange; `...` leaves a part out."""
        given = {name: part for name, part in (CREDENTIALS | changes).items() if part is not ...}
        return cls.json({"IdentityId": IDENTITY, "Credentials": given})

    @classmethod
    def error(cls, name: str, message: str = "", status: int = 400) -> "Reply":
        """Cognito's bad answer, in the form of AWS JSON 1.1."""
        return cls.json({"__type": name, "message": message}, status)


@dataclass(frozen=True)
class _Raw:
    content: bytes

    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.content


class Wire:
    """A real client of botocore whose requests are answered before they are sent.

    Signing, parsing and retrying are botocore's. The last reply is the answer to all further
    attempts. `sent` holds the body of each attempt.
    """

    def __init__(self, *replies: Reply | Exception, region: str = "eu-central-1") -> None:
        self.replies = list(replies)
        self.sent: list[Any] = []
        self.requests: list[AWSPreparedRequest] = []
        self.client = create_client(region)
        self.client.meta.events.register("before-send.cognito-identity", self._answer)  # type: ignore[arg-type]

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        self.requests.append(request)
        self.sent.append(json.loads(cast("bytes", request.body)))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return AWSResponse(
            request.url, reply.status, HTTPHeaders.from_dict(dict(reply.headers)), _Raw(reply.body)
        )
