"""A signed-in user's arguments, made from the verified claims."""

import re
from collections.abc import Mapping
from typing import Final

from openid_token.errors import AccessDeniedException
from openid_token.settings import Settings

BACKENDS_ONLY: Final = ("identity_id", "logins", "principal_tags")
# A token for the credentials' door is exchanged at once.
_EXCHANGED_SECONDS: Final = 60
# API Gateway hands every claim on as text: null as "<nil>", a list as "[a b]", an object as
# "map[a:b]". Such a text names nobody, and many users would share it; so with text of no width.
_NAMES_NOBODY: Final = re.compile(
    r"<nil>$|\[|map\[|[\s\u200b-\u200f\u2060\ufeff]*$|.*[\x00-\x1f\x7f-\x9f]"
)


def for_token(
    given: Mapping[str, object], claims: Mapping[str, object], settings: Settings
) -> dict[str, object]:
    """The arguments of a user's token, still unchecked: the login and the tags come from the
    claims, and `given` (the body) adds only the pool and the duration.

    Raises:
        AccessDeniedException: `given` has what only a backend may give, or a claim names
            nobody.
    """
    taken = [name for name in BACKENDS_ONLY if given.get(name) is not None]
    if taken:
        raise AccessDeniedException(
            f"{', '.join(taken)}: a signed-in user can't give this;"
            " the login and the tags come from the verified token"
        )
    if settings.developer_provider_name is None:
        raise AccessDeniedException("this deployment has no developer provider for users")
    tags = {
        tag: _text(claims, claim)
        for tag, claim in settings.principal_tag_claims.items()
        if claims.get(claim) is not None
    }
    return {
        **given,
        "logins": {settings.developer_provider_name: _text(claims, settings.login_claim)},
        "principal_tags": tags or None,
    }


def for_credentials(claims: Mapping[str, object], settings: Settings) -> dict[str, object]:
    """The arguments of the token that a user's AWS credentials are issued with.

    Raises:
        AccessDeniedException: a claim names nobody.
    """
    duration = min(_EXCHANGED_SECONDS, settings.user_max_token_duration)
    given = {"identity_pool_id": settings.identity_pool_id, "token_duration": duration}
    return for_token(given, claims, settings)


def _text(claims: Mapping[str, object], claim: str) -> str:
    text = claims.get(claim)
    if not isinstance(text, str) or _NAMES_NOBODY.match(text):
        raise AccessDeniedException(f'the claim "{claim}" of the verified token names nobody')
    return text
