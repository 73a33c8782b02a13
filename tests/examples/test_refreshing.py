"""The credentials provider refreshes ahead of the expiry. The clock is moved, nothing waits."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from botocore.credentials import RefreshableCredentials

from refreshing_credentials import session_for
from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import USER
from tests.examples.stand import ROLE, Stand
from token_issuer import TokenIssuerError

# Of credentials that last for an hour.
FRESH, ADVISED, DUE, GONE = 44, 46, 51, 61


@pytest.fixture(autouse=True)
def _backend(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in stand.environment.items():
        monkeypatch.setenv(name, value)


def _credentials(role: str | None = ROLE) -> RefreshableCredentials:
    credentials = session_for(USER, role_arn=role).get_credentials()
    assert isinstance(credentials, RefreshableCredentials)
    return credentials


def _after(credentials: RefreshableCredentials, minutes: float) -> str | None:
    """The access key that a request would be signed with that long after now."""
    vars(credentials)["_time_fetcher"] = lambda: datetime.now(UTC) + timedelta(minutes=minutes)
    return credentials.get_frozen_credentials().access_key


@pytest.mark.parametrize("minutes", [ADVISED, DUE])
@pytest.mark.parametrize(("role", "exchange"), [(ROLE, CLASSIC), (None, ENHANCED)])
def test_fresh_ones_are_kept_and_a_refresh_ahead_of_the_expiry_takes_a_new_token(
    stand: Stand, minutes: float, role: str | None, exchange: str
) -> None:
    credentials = _credentials(role)
    key = _after(credentials, 0)
    assert _after(credentials, FRESH) == key
    assert _after(credentials, minutes) != key
    assert [call.operation for call in stand.api.calls] == [ISSUE, exchange] * 2


def test_a_failure_is_logged_well_ahead_of_the_expiry_and_raised_close_to_it(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = _credentials()
    key = _after(credentials, 0)
    stand.api.refusals[ISSUE] = "NotAuthorizedException"
    with caplog.at_level(logging.WARNING, "botocore.credentials"):
        assert _after(credentials, ADVISED) == key
    assert "NotAuthorizedException" in caplog.text
    assert not [secret for secret in stand.api.secrets() if secret in caplog.text]
    for minutes in (DUE, GONE):
        with pytest.raises(TokenIssuerError, match="answered 403"):
            _after(credentials, minutes)


def test_nothing_is_asked_for_before_the_first_client(stand: Stand) -> None:
    session = session_for(USER)
    assert session.region_name == "eu-central-1"
    assert not stand.api.calls
    session.client("s3")
    assert len(stand.api.exchanged()) == 1
