"""From what a door was given to what it hands out: checked, allowed, issued and recorded."""

import time
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from openid_token import arguments
from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments
from openid_token.audit import Record, timed
from openid_token.claims import USERS_OWN
from openid_token.client import Client
from openid_token.cognito import Credentials, Token, get_credentials, get_token
from openid_token.errors import AccessDeniedException, ServiceUnavailable
from openid_token.settings import Settings

# The exchange itself may take 15 s, the function has 20, and an AWS SDK gives up after 2.
LATEST_EXCHANGE_SECONDS: Final = 4


class Deployment(NamedTuple):
    """What one deployment is: its settings, and its client of Cognito."""

    settings: Settings
    client: Client


def issue_token(
    given: Mapping[str, object],
    record: Record,
    deployment: Deployment,
    *,
    of_user: bool,
    identity_only: bool = False,
) -> Token:
    """A token for the arguments as they were `given`; `record` learns what becomes of them.

    `of_user` is for a signed-in user, whose login and tags the deployment itself has named;
    `identity_only` for who wants the identity, and no token.

    Raises:
        TokenIssuerError: a rule is broken, the deployment does not allow it, or Cognito's error.
    """
    limits = deployment.settings.for_users if of_user else deployment.settings
    requested = arguments.parse(given, USERS_OWN if of_user else arguments.RULES)
    record.requested(requested, limits)
    allowed = allow(requested, limits)
    if identity_only:
        # Nobody will use the token, so it is the shortest there is.
        allowed = msgspec.structs.replace(allowed, token_duration=1)
    with timed(record):
        token = get_token(deployment.client, allowed)
    record.issued(token)
    return token


def issue_credentials(
    given: Mapping[str, object], record: Record, deployment: Deployment
) -> Credentials:
    """AWS credentials for a user's arguments as they were `given`, otherwise as `issue_token`."""
    began = time.monotonic()
    token = issue_token(given, record, deployment, of_user=True)
    if time.monotonic() - began > LATEST_EXCHANGE_SECONDS:
        raise ServiceUnavailable("Cognito issued the token too late to exchange it. Try again.")
    with timed(record):
        credentials = get_credentials(deployment.client, token)
    record.exchanged(credentials)
    return credentials


def allow(arguments: Arguments, limits: Settings) -> Arguments:
    """The arguments as this deployment applies them; no caller can widen its limits.

    Where `token_duration` is left out and the default of 900 seconds is more than the longest
    allowed, that applies.

    Raises:
        AccessDeniedException: naming each limit that is passed, and what is allowed.
    """
    longest = limits.max_token_duration
    if refusals := list(_refusals(arguments, limits)):
        raise AccessDeniedException("; ".join(refusals))
    if arguments.token_duration is None and longest < DEFAULT_DURATION_SECONDS:
        return msgspec.structs.replace(arguments, token_duration=longest)
    return arguments


def _refusals(arguments: Arguments, limits: Settings) -> Iterable[str]:
    logins, longest = arguments.logins or {}, limits.max_token_duration
    if arguments.identity_pool_id != limits.identity_pool_id:
        yield f"identity_pool_id: this deployment issues for {limits.identity_pool_id} only"
    if arguments.token_duration is not None and arguments.token_duration > longest:
        yield f"token_duration: this deployment allows at most {longest} seconds"
    for name, given, allowed in (
        ("principal_tags", arguments.principal_tags or {}, limits.allowed_principal_tags),
        ("logins", logins, limits.allowed_login_providers),
    ):
        if allowed and not allowed.issuperset(given):
            yield f"{name}: this deployment allows only {', '.join(sorted(allowed))}"
    if prefix := limits.allowed_login_prefix:
        provider = limits.developer_provider_name or ""
        # In any case of its name, which Cognito may not tell apart.
        own = [login for name, login in logins.items() if name.lower() == provider.lower()]
        if not own or not all(login.reveal().startswith(prefix) for login in own):
            yield f"logins: this deployment asks for a login under {provider} with its own prefix"
