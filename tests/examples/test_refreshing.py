"""Credentials are refreshed ahead of their expiry. The clock is moved, nothing waits."""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.credentials import RefreshableCredentials

from answers import TokenIssuerError
from refreshing_credentials import session_for
from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import USER
from tests.examples.stand import ROLE, Stand

pytestmark = pytest.mark.usefixtures("environment")
# Of credentials that last for an hour.
FRESH, ADVISED, DUE, GONE = 44, 46, 51, 61


def _credentials(session: boto3.Session) -> RefreshableCredentials:
    credentials = session.get_credentials()
    assert isinstance(credentials, RefreshableCredentials)
    return credentials


def _after(credentials: RefreshableCredentials, minutes: float) -> str | None:
    """The access key that a request would be signed with that long after now."""
    vars(credentials)["_time_fetcher"] = lambda: datetime.now(UTC) + timedelta(minutes=minutes)
    return credentials.get_frozen_credentials().access_key


@pytest.mark.parametrize(("role", "exchange"), [(ROLE, CLASSIC), (None, ENHANCED)])
def test_a_refresh_ahead_of_the_expiry_takes_a_new_token(
    stand: Stand, role: str | None, exchange: str
) -> None:
    session = session_for(USER, role_arn=role)
    assert session.region_name == "eu-central-1"
    assert not stand.api.calls
    credentials = _credentials(session)
    key = _after(credentials, 0)
    assert _after(credentials, FRESH) == key
    assert _after(credentials, ADVISED) != key
    assert [call.operation for call in stand.api.calls] == [ISSUE, exchange] * 2


def test_a_failure_is_logged_well_ahead_of_the_expiry_and_raised_close_to_it(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    credentials = _credentials(session_for(USER, role_arn=ROLE))
    key = _after(credentials, 0)
    stand.api.refusals[ISSUE] = "NotAuthorizedException"
    with caplog.at_level(logging.WARNING, "botocore.credentials"):
        assert _after(credentials, ADVISED) == key
    assert "NotAuthorizedException" in caplog.text
    assert not [secret for secret in stand.api.secrets() if secret in caplog.text]
    for minutes in (DUE, GONE):
        with pytest.raises(TokenIssuerError, match="answered 403"):
            _after(credentials, minutes)


def test_an_sdk_refreshes_for_the_user_whose_jwt_is_in_the_file_by_then(
    stand: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "jwt"
    file.write_text(stand.jwt(USER))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    endpoint = stand.environment["USER_CREDENTIALS_ENDPOINT"]
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(file))
    credentials = _credentials(boto3.Session())
    key = _after(credentials, 0)
    file.write_text(stand.jwt("user-4712"))
    assert _after(credentials, FRESH) == key
    assert _after(credentials, DUE) != key
    assert stand.api.users() == [USER, "user-4712"]
