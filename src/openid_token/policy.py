"""What this deployment allows, and for whom. No caller can widen it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments
from openid_token.errors import AccessDeniedException

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from openid_token.settings import Settings

BACKENDS_ONLY: Final = ("identity_id", "logins", "principal_tags")


def allow(arguments: Arguments, settings: Settings, max_duration: int) -> Arguments:
    """The arguments as this deployment applies them.

    `max_duration` is the door's cap in seconds. Where `token_duration` is left out and the
    default of 900 seconds is more than the cap, the cap applies.

    Raises:
        AccessDeniedException: naming each limit that is passed, and what is allowed.
    """
    refusals = list(_refusals(arguments, settings, max_duration))
    if refusals:
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


def of_user(
    given: Mapping[str, object], claims: Mapping[str, object], settings: Settings
) -> dict[str, object]:
    """The arguments for a signed-in user, still unchecked: the login and the tags come from
    the verified `claims`, and `given` (the body) adds only the pool and the duration.

    Raises:
        AccessDeniedException: `given` takes what only a backend may give, or the claims
            name no user.
    """
    taken = [name for name in BACKENDS_ONLY if given.get(name) is not None]
    if taken:
        raise AccessDeniedException(
            f"{', '.join(taken)}: a signed-in user can't give this;"
            " the login and the tags come from the verified token"
        )
    login = claims.get(settings.login_claim)
    if settings.developer_provider_name is None:
        raise AccessDeniedException("this deployment has no developer provider for users")
    if not isinstance(login, str) or not login:
        raise AccessDeniedException(f'the claim "{settings.login_claim}" must name the user')
    tags = {tag: claims.get(claim) for tag, claim in settings.principal_tag_claims.items()}
    return {
        **given,
        "logins": {settings.developer_provider_name: login},
        "principal_tags": {tag: v for tag, v in tags.items() if v not in (None, "")} or None,
    }


def max_duration(settings: Settings, *, user: bool) -> int:
    """The cap in seconds of the users' door or of the others."""
    if user:
        return min(settings.max_token_duration, settings.user_max_token_duration)
    return settings.max_token_duration
