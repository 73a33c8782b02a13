"""The environment, read once and frozen."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import msgspec

from openid_token.arguments import DEFAULT_DURATION_SECONDS, MAX_DURATION_SECONDS, IdentityId, Name


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

    @property
    def region(self) -> str:
        """The pool's region, wherever the function runs."""
        return self.identity_pool_id.partition(":")[0]

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
        longest = min(settings.user_max_token_duration, settings.max_token_duration)
        settings = msgspec.structs.replace(settings, user_max_token_duration=longest)
        if contradictions := list(settings._contradictions()):
            raise ConfigurationError("; ".join(contradictions))
        return settings

    def _contradictions(self) -> Iterable[str]:
        tags, providers = self.allowed_principal_tags, self.allowed_login_providers
        if tags and not tags.issuperset(self.principal_tag_claims):
            yield "PRINCIPAL_TAG_CLAIMS must name only tags that ALLOWED_PRINCIPAL_TAGS allows"
        if providers and self.developer_provider_name not in {None, *providers}:
            yield "DEVELOPER_PROVIDER_NAME must be one that ALLOWED_LOGIN_PROVIDERS allows"
        if self.jwt_issuer and self.user_authorizer_arn:
            yield "JWT_ISSUER and USER_AUTHORIZER_ARN must not both be given"


_pool: Final[Callable[[str], str]] = partial(msgspec.convert, type=IdentityId)
_name: Final[Callable[[str], str]] = partial(msgspec.convert, type=Name)


def _word(text: str) -> str:
    if len(text.split()) != 1:
        raise ValueError
    return text


def _names(text: str) -> frozenset[str]:
    return frozenset(_name(part.strip()) for part in text.split(","))


def _duration(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_DURATION_SECONDS:
        raise ValueError
    return int(text)


def _tag_claims(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(",")]
    claims = {_name(tag.strip()): _name(claim.strip()) for tag, _, claim in pairs}
    if len(claims) != len(pairs):
        raise ValueError
    return claims


_SECONDS: Final = f"a whole number of seconds between 1 and {MAX_DURATION_SECONDS}"

VARIABLES: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "IDENTITY_POOL_ID": (_pool, "an identity pool id of the form REGION:GUID"),
    "DEVELOPER_PROVIDER_NAME": (_name, "the pool's developer provider name, up to 128 characters"),
    "JWT_ISSUER": (_word, "the issuer (iss) of the users' JWTs"),
    "USER_AUTHORIZER_ARN": (_word, "the ARN of a Lambda authorizer"),
    "LOGIN_CLAIM": (_name, "the name of the claim that identifies a user"),
    "LOGIN_PREFIX": (_word, "text without spaces"),
    "PRINCIPAL_TAG_CLAIMS": (_tag_claims, "a list like tag=claim,tag=claim, each tag once"),
    "MAX_TOKEN_DURATION": (_duration, _SECONDS),
    "USER_MAX_TOKEN_DURATION": (_duration, _SECONDS),
    "ALLOWED_PRINCIPAL_TAGS": (_names, "a comma-separated list of tag names"),
    "ALLOWED_LOGIN_PROVIDERS": (_names, "a comma-separated list of login provider names"),
}
