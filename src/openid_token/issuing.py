"""From what a door was given to what it hands out: checked, allowed, issued and recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from openid_token import arguments, issuer, policy
from openid_token.audit import Record, timed
from openid_token.credentials import Credentials, exchange
from openid_token.errors import ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cognito_identity import CognitoIdentityClient

    from openid_token.issuer import Result
    from openid_token.settings import Settings


# The exchange itself may take 15 s, the function has 20, and an AWS SDK gives up after 2.
LATEST_EXCHANGE_MS: Final = 4000


class Deployment(NamedTuple):
    """What one deployment is: its settings, and its client of Cognito."""

    settings: Settings
    client: CognitoIdentityClient


def issue(given: Mapping[str, object], record: Record, deployment: Deployment) -> Result:
    """A token for the arguments as they were `given`; `record` learns what becomes of them.

    Raises:
        TokenIssuerError: a rule is broken, the deployment does not allow it, or Cognito's error.
    """
    settings, client = deployment
    requested = arguments.parse(given)
    record.requested(requested)
    allowed = policy.allow(requested, settings, of_user=record.door.of_users)
    if record.identity_only:
        # Nobody will use the token, so it is the shortest there is.
        allowed = msgspec.structs.replace(allowed, token_duration=1)
    with timed(record):
        result = issuer.issue(client, allowed)
    record.issued(result)
    return result


def issue_credentials(
    given: Mapping[str, object], record: Record, deployment: Deployment
) -> Credentials:
    """AWS credentials for the arguments as they were `given`, otherwise as `issue`."""
    result = issue(given, record, deployment)
    if record.cognito_ms and record.cognito_ms > LATEST_EXCHANGE_MS:
        raise ServiceUnavailable("Cognito issued the token too late to exchange it. Try again.")
    with timed(record):
        credentials = exchange(deployment.client, result)
    record.exchanged(credentials)
    return credentials
