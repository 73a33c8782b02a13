"""The temporary credentials that the embedded AWS has given, and STS's two calls about them."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from joserfc.errors import ExpiredTokenError, JoseError

from tools.local.cognito import tokens
from tools.local.cognito.constraints import ServiceError


@dataclass(frozen=True)
class Session:
    """Credentials, and `arn`, which is whom AWS takes their owner for."""

    arn: str
    expiration: datetime
    access_key_id: str = field(default_factory=lambda: f"ASIA{secrets.token_hex(8).upper()}")
    secret_access_key: str = field(default_factory=lambda: secrets.token_urlsafe(30), repr=False)
    session_token: str = field(default_factory=lambda: secrets.token_urlsafe(180), repr=False)


@dataclass
class Sessions:
    """All sessions, by access key id."""

    by_key: dict[str, Session] = field(default_factory=dict)

    def start(self, role_arn: str, name: str, seconds: int) -> Session:
        """Assume a role, whether it is there or not."""
        role = role_arn.replace(":iam::", ":sts::").replace(":role/", ":assumed-role/")
        expiration = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        session = Session(f"{role}/{name}", expiration)
        self.by_key[session.access_key_id] = session
        return session

    def assume_role_with_web_identity(self, asked: Mapping[str, str]) -> dict[str, Any]:
        """The classic flow, for a token of this Cognito. The role's trust policy is not read."""
        name = asked["RoleSessionName"]
        if not re.fullmatch(r"[\w+=,.@-]{2,64}", name, re.ASCII):
            raise ServiceError("ValidationError", "Value at 'roleSessionName' breaks its pattern")
        try:
            tokens.verified(asked["WebIdentityToken"])
        except ExpiredTokenError:
            raise ServiceError("ExpiredTokenException", "Token is expired") from None
        except (JoseError, ValueError):
            raise ServiceError("InvalidIdentityToken", "The token is none of here") from None
        session = self.start(asked["RoleArn"], name, int(asked.get("DurationSeconds", "3600")))
        credentials = {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": session.secret_access_key,
            "SessionToken": session.session_token,
            "Expiration": session.expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return {"Credentials": credentials, "AssumedRoleUser": {"Arn": session.arn}}

    def get_caller_identity(self, access_key_id: str) -> dict[str, Any]:
        """Whose the access key is."""
        if access_key_id not in self.by_key:
            message = "The security token included in the request is invalid."
            raise ServiceError("InvalidClientTokenId", message)
        arn = self.by_key[access_key_id].arn
        return {"Arn": arn, "Account": arn.split(":")[4], "UserId": access_key_id}
