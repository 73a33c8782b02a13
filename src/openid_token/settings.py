"""The environment, read once and frozen."""

import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from openid_token.arguments import DEFAULT_DURATION_SECONDS, MAX_DURATION_SECONDS, IdentityId, Name


def is_tag_text(text: str) -> bool:
    """Whether STS takes it as a session tag's name or value, but for its length (its shapes
    `tagKeyType` and `tagValueType`)."""
    return all(unicodedata.category(c)[0] in "LZN" or c in "_.:/=+-@" for c in text)


class ConfigurationError(Exception):
    """The environment is not usable; the message names each variable and what it should be."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What this deployment is for and what it allows. An empty collection means no limit."""

    identity_pool_id: str
    developer_provider_name: str | None = None
    jwt_issuer: str | None = None
    user_authorizer_arn: str | None = None
    login_claim: str = "sub"
    login_prefix: str = ""
    principal_tag_claims: Mapping[str, str] = {}
    max_token_duration: int = MAX_DURATION_SECONDS
    user_max_token_duration: int = DEFAULT_DURATION_SECONDS
    allowed_principal_tags: frozenset[str] = frozenset()
    allowed_login_providers: frozenset[str] = frozenset()
    allowed_login_prefix: str = ""

    @property
    def region(self) -> str:
        """The pool's region, wherever the function runs."""
        return self.identity_pool_id.partition(":")[0]

    @property
    def for_users(self) -> "Settings":
        """The limits of a signed-in user, whose login and tags this deployment itself makes."""
        longest, none = min(self.user_max_token_duration, self.max_token_duration), frozenset[str]()
        names = {"allowed_principal_tags": none, "allowed_login_providers": none}
        return msgspec.structs.replace(
            self, max_token_duration=longest, allowed_login_prefix="", **names
        )

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the variables of `VARIABLES`; an empty one counts as left out, a blank one does not.

        Raises:
            ConfigurationError: naming every variable that is missing or malformed.
        """
        values: dict[str, Any] = {}
        wrong = []
        for field in msgspec.structs.fields(cls):
            variable = field.name.upper()
            (read, should_be), text = VARIABLES[variable], environ.get(variable, "")
            try:
                if text or field.required:
                    values[field.name] = read(text.strip())
            except ValueError:
                wrong.append(f"{variable} must be {should_be}")
        if wrong:
            raise ConfigurationError("; ".join(wrong))
        settings = cls(**values)
        if settings.jwt_issuer and settings.user_authorizer_arn:
            raise ConfigurationError("JWT_ISSUER and USER_AUTHORIZER_ARN must not both be given")
        return settings


_pool: Final[Callable[[str], str]] = partial(msgspec.convert, type=IdentityId)
_name: Final[Callable[[str], str]] = partial(msgspec.convert, type=Name)


def _word(text: str) -> str:
    if len(text.split()) != 1:
        raise ValueError
    return text


def _tag(text: str) -> str:
    # STS refuses the others when the token is exchanged.
    if not is_tag_text(text) or text.lower().startswith("aws:"):
        raise ValueError
    return _name(text)


def _names(text: str, read: Callable[[str], str] = _name) -> frozenset[str]:
    return frozenset(read(part.strip()) for part in text.split(","))


def _duration(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_DURATION_SECONDS:
        raise ValueError
    return int(text)


def _tag_claims(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    claims = {_tag(tag.strip()): _name(claim.strip()) for tag, _, claim in pairs}
    # To STS two names that differ in case alone are one.
    if len({tag.lower() for tag in claims}) != len(pairs):
        raise ValueError
    return claims


_tags: Final = partial(_names, read=_tag)
_TAG_NAMES: Final = "tag names of letters, digits, spaces and _.:/=+-@, none like aws:"
_SECONDS: Final = f"a whole number of seconds between 1 and {MAX_DURATION_SECONDS}"

VARIABLES: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "IDENTITY_POOL_ID": (_pool, "an identity pool id of the form REGION:GUID"),
    "DEVELOPER_PROVIDER_NAME": (_name, "the pool's developer provider name, up to 128 characters"),
    "JWT_ISSUER": (_word, "the issuer (iss) of the users' JWTs"),
    "USER_AUTHORIZER_ARN": (_word, "the ARN of a Lambda authorizer"),
    "LOGIN_CLAIM": (_name, "the name of the claim that identifies a user"),
    "LOGIN_PREFIX": (_word, "text without spaces"),
    "PRINCIPAL_TAG_CLAIMS": (_tag_claims, f"a list like tag=claim, each once, of {_TAG_NAMES}"),
    "MAX_TOKEN_DURATION": (_duration, _SECONDS),
    "USER_MAX_TOKEN_DURATION": (_duration, _SECONDS),
    "ALLOWED_PRINCIPAL_TAGS": (_tags, f"a comma-separated list of {_TAG_NAMES}"),
    "ALLOWED_LOGIN_PROVIDERS": (_names, "a comma-separated list of login provider names"),
    "ALLOWED_LOGIN_PREFIX": (_word, "text without spaces"),
}
