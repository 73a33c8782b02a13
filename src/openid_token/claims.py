"""A signed-in user's arguments, made from the verified claims or a Lambda authorizer's context."""

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

import msgspec

from openid_token.arguments import RULES
from openid_token.errors import AccessDeniedException
from openid_token.request import User
from openid_token.settings import Settings, is_tag_text

# What a signed-in user may give of the arguments.
USERS_OWN: Final = ("identity_pool_id", "token_duration")
# A token for the credentials' door is exchanged at once.
_EXCHANGED_SECONDS: Final = 60
# An HTTP API hands every claim on as text: null as "<nil>", a list as "[a b]", an object as
# "map[a:b]"; a REST API's user pool authorizer writes JSON. Many users would share such a text.
_FLATTENED: Final = re.compile(r"\s*(<nil>|null|None|undefined|(map)?\[[\s\S]*\])\s*(?![\s\S])")
# Letters and symbols by their category, and nothing to see.
_FILLERS: Final = "\u115f\u1160\u2800\u3164\uffa0\U0001d159"
_KINDS: Final = {bool: "a boolean", float: "a fraction", list: "a list", dict: "an object"}


def for_token(given: Mapping[str, object], user: User, settings: Settings) -> dict[str, object]:
    """The arguments of a user's token, still unchecked: the login and the tags come from the
    claims, and `given` (the body) adds only the pool and the duration.

    Raises:
        AccessDeniedException: nobody whom this deployment trusts has verified the user, `given`
            has what only a backend may give, or a claim names nobody.
    """
    taken = [name for name in RULES if name not in USERS_OWN and given.get(name) is not None]
    if taken:
        raise AccessDeniedException(
            f"{', '.join(taken)}: a signed-in user can't give this;"
            " the login and the tags come from the verified token"
        )
    claims = _verified(user, settings)
    if settings.developer_provider_name is None:
        raise AccessDeniedException("this deployment has no developer provider for users")
    login = f"{settings.login_prefix}{_login(claims, settings.login_claim)}"
    tags = {
        tag: _tag(claims, claim, tag)
        for tag, claim in settings.principal_tag_claims.items()
        if claims.get(claim) is not None
    }
    pool = given.get("identity_pool_id")
    return {
        **given,
        "identity_pool_id": settings.identity_pool_id if pool is None else pool,
        "logins": {settings.developer_provider_name: login},
        "principal_tags": tags or None,
    }


def for_credentials(user: User, settings: Settings) -> dict[str, object]:
    """The arguments of the token that a user's AWS credentials are issued with.

    Raises:
        AccessDeniedException: as for `for_token`.
    """
    duration = min(_EXCHANGED_SECONDS, settings.for_users.max_token_duration)
    return for_token({"token_duration": duration}, user, settings)


def _verified(user: User, settings: Settings) -> Mapping[str, object]:
    """What the one authorizer says that this deployment has."""
    if settings.user_authorizer_arn:
        return user.context
    if settings.jwt_issuer is None:
        raise AccessDeniedException("this deployment has no signed-in users")
    if user.claims.get("iss") != settings.jwt_issuer:
        raise AccessDeniedException("the verified token is not from this deployment's issuer")
    return user.claims


def _login(claims: Mapping[str, object], claim: str) -> str:
    text = _text(claims.get(claim))
    # All users would share a boolean.
    if text is None or text in {"true", "false"}:
        raise _nobody(claims, claim)
    return text


def _tag(claims: Mapping[str, object], claim: str, tag: str) -> str:
    text = _text(claims[claim])
    if text is None:
        raise _nobody(claims, claim)
    # STS would refuse the exchange.
    if not is_tag_text(text):
        raise AccessDeniedException(
            f'the tag "{tag}" must have a value of letters, digits, spaces and _.:/=+-@ only'
        )
    return text


def _text(value: object) -> str | None:
    """A claim as text, if it names somebody: the types are JSON's where API Gateway keeps them."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, int) else value
    if not isinstance(text, str) or _FLATTENED.match(text):
        return None
    with suppress(ValueError, RecursionError):
        # `{guid}:{guid}` is a subject, and no JSON.
        if isinstance(msgspec.json.decode(text), dict):
            return None
    kinds = [(unicodedata.category(c), c) for c in text]
    # Controls, format characters such as those of writing direction, and line separators.
    if any(kind in {"Cc", "Cf", "Zl", "Zp"} for kind, _ in kinds):
        return None
    visible = any(kind[0] in "LNPS" and c not in _FILLERS for kind, c in kinds)
    return text if visible else None


def _nobody(claims: Mapping[str, object], claim: str) -> AccessDeniedException:
    kind = _KINDS.get(type(claims.get(claim)))
    why = f": it is {kind}" if kind else ""
    return AccessDeniedException(f'the claim "{claim}" of the verified token names nobody{why}')
