"""What this deployment allows, and for whom. No caller can widen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments
from openid_token.errors import AccessDeniedException

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openid_token.settings import Settings


def allow(arguments: Arguments, settings: Settings, *, of_user: bool) -> Arguments:
    """The arguments as this deployment applies them to a signed-in user, or to a backend.

    Where `token_duration` is left out and the default of 900 seconds is more than the cap, the
    cap applies.

    Raises:
        AccessDeniedException: naming each limit that is passed, and what is allowed.
    """
    max_duration = settings.user_cap if of_user else settings.max_token_duration
    if refusals := list(_refusals(arguments, settings, max_duration)):
        raise AccessDeniedException("; ".join(refusals))
    if arguments.token_duration is None and max_duration < DEFAULT_DURATION_SECONDS:
        return msgspec.structs.replace(arguments, token_duration=max_duration)
    return arguments


def _refusals(arguments: Arguments, settings: Settings, max_duration: int) -> Iterable[str]:
    if arguments.identity_pool_id != settings.identity_pool_id:
        yield f"identity_pool_id: this deployment issues for {settings.identity_pool_id} only"
    if arguments.token_duration is not None and arguments.token_duration > max_duration:
        yield f"token_duration: this deployment allows at most {max_duration} seconds"
    for name, given, allowed in (
        ("principal_tags", arguments.principal_tags, settings.allowed_principal_tags),
        ("logins", arguments.logins, settings.allowed_login_providers),
    ):
        if allowed and not allowed.issuperset(given or {}):
            yield f"{name}: this deployment allows only {', '.join(sorted(allowed))}"
