"""The audit record of each decision: logged and counted."""

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import msgspec
from aws_lambda_powertools.metrics import MetricUnit

from openid_token import errors
from openid_token.arguments import Arguments
from openid_token.cognito import Credentials, Token
from openid_token.door import Door
from openid_token.settings import Settings
from openid_token.telemetry import logger, metrics, trace


class Record(msgspec.Struct, kw_only=True):
    """What is known of one decision; `None` is left out of the log. No field is a value of a
    login or a tag."""

    door: Door
    caller: str | None = None
    api_request_id: str | None = None
    execution_id: str | None = None
    identity_pool_id: str | None = None
    requested_identity_id: str | None = None
    identity_id: str | None = None
    login_providers: list[str] = []
    other_login_providers: int | None = None
    principal_tags: list[str] = []
    other_principal_tags: int | None = None
    token_duration: int | None = None
    expires_at: str | None = None
    access_key_id: str | None = None
    credentials_expire_at: str | None = None
    cognito_ms: float | None = None
    identity_changed: bool | None = None
    identity_only: bool | None = None

    def requested(self, arguments: Arguments, limits: Settings) -> None:
        """Note the checked arguments, by name where a value is secret. Of names that a limit
        refuses only the number: one may be a value in the wrong place."""
        self.identity_pool_id = arguments.identity_pool_id
        self.requested_identity_id = arguments.identity_id
        self.login_providers, self.other_login_providers = _names(
            arguments.logins, limits.allowed_login_providers
        )
        self.principal_tags, self.other_principal_tags = _names(
            arguments.principal_tags, limits.allowed_principal_tags
        )
        self.token_duration = arguments.token_duration

    def issued(self, token: Token) -> None:
        """Note the token. Cognito may merge identities: then it is not the requested one."""
        self.identity_id = token.identity_id
        self.token_duration = token.token_duration
        self.expires_at = token.expires_at
        if self.requested_identity_id is not None:
            self.identity_changed = token.identity_id != self.requested_identity_id

    def exchanged(self, credentials: Credentials) -> None:
        """Note what the token was exchanged for. CloudTrail knows it by the access key id."""
        self.access_key_id = credentials.access_key_id
        self.credentials_expire_at = credentials.expiration


@contextmanager
def audited(record: Record) -> Iterator[None]:
    """Log and count the decision that is made inside, and time it.

    Raises:
        TokenIssuerError: as the block raised it; `InternalFailure` for anything else.
    """
    started = time.perf_counter()
    try:
        yield
    except errors.TokenIssuerError as error:
        _refused(record, error, started)
        raise
    except Exception as exc:
        failure = errors.InternalFailure(type(exc).__name__)
        failure.__cause__ = exc
        _refused(record, failure, started)
        raise failure from exc
    if record.identity_only:
        metric, outcome, message = "IdentitiesProvided", "identified", "identity provided"
    else:
        metric, outcome, message = "TokensIssued", "issued", "token issued"
    _count(metric, door=record.door)
    logger.info(message, extra={"outcome": outcome, **_fields(record, started)})


@contextmanager
def timed(record: Record) -> Iterator[None]:
    """Time one call of Cognito, made inside, in the record and as a metric."""
    started = time.perf_counter()
    try:
        yield
    finally:
        milliseconds = _milliseconds(started)
        record.cognito_ms = round((record.cognito_ms or 0) + milliseconds, 1)
        metrics.add_metric("CognitoLatency", MetricUnit.Milliseconds, milliseconds)


def _refused(record: Record, error: errors.TokenIssuerError, started: float) -> None:
    reason = type(error).__name__
    _count("RequestsRefused", door=record.door, reason=reason)
    detail = error.cause or str(error)
    fields: dict[str, Any] = {"outcome": "refused", "reason": reason, "detail": detail}
    if isinstance(error, errors.InvalidParameterException):
        fields["invalid_arguments"] = [violation.argument for violation in error.violations]
    fault = error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    fields |= trace(error) if fault else {}
    log = logger.error if fault else logger.warning
    log("token refused", extra={**fields, **_fields(record, started)})


def _names(given: Iterable[str] | None, allowed: Collection[str]) -> tuple[list[str], int | None]:
    """The names that are allowed, if anything is limited, and how many others there are."""
    names = sorted(given or ())
    shown = [name for name in names if not allowed or name in allowed]
    return shown, len(names) - len(shown) or None


def _count(name: str, **dimensions: str) -> None:
    """Count once for the whole service and once for each dimension."""
    for dimension, value in dimensions.items():
        metrics.add_dimensions(**{"service": metrics.service, dimension: value})
    metrics.add_metric(name, MetricUnit.Count, 1)


def _fields(record: Record, started: float) -> dict[str, Any]:
    return {**msgspec.structs.asdict(record), "duration_ms": _milliseconds(started)}


def _milliseconds(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 1)
