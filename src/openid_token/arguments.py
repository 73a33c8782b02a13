"""The documented arguments and their rules.

Source: the Terraform ephemeral resource
`aws_cognito_identity_openid_token_for_developer_identity`, with the limits of the shapes of
`GetOpenIdTokenForDeveloperIdentity` (service model `cognito-identity/2014-06-30`).
"""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Annotated, Any, Final, NamedTuple

import msgspec
from msgspec import Meta

from openid_token.errors import InvalidParameterException, Violation
from openid_token.secret import Secret

MAX_IDENTITY_ID: Final = 55
MAX_LOGINS: Final = 10
MAX_LOGIN_VALUE: Final = 50_000
MAX_TAGS: Final = 50
MAX_TAG_VALUE: Final = 256
MAX_NAME: Final = 128
MAX_DURATION_SECONDS: Final = 86_400
DEFAULT_DURATION_SECONDS: Final = 900

# `$` would also match before a trailing newline; this end holds in Python and in JSON Schema.
_IDENTITY_PATTERN: Final = r"^[A-Za-z0-9_-]+:[0-9a-f-]+(?![\s\S])"

type Name = Annotated[str, Meta(min_length=1, max_length=MAX_NAME)]
type _IdentityText = Annotated[str, Meta(min_length=1, max_length=MAX_IDENTITY_ID)]
type IdentityId = Annotated[_IdentityText, Meta(pattern=_IDENTITY_PATTERN)]
type _TokenDuration = Annotated[int, Meta(ge=1, le=MAX_DURATION_SECONDS)]


class Arguments(msgspec.Struct, frozen=True, kw_only=True, rename="pascal", omit_defaults=True):
    """The arguments of one token, as they are applied; encoded, they are what Cognito is asked.
    Login and tag values are `Secret`."""

    identity_pool_id: str
    identity_id: str | None = None
    logins: Mapping[str, Secret] | None = None
    principal_tags: Mapping[str, Secret] | None = None
    token_duration: int | None = None

    def secrets(self) -> Iterable[Secret]:
        """Every value that may stand only in the request to Cognito and in the answer."""
        return [*(self.logins or {}).values(), *(self.principal_tags or {}).values()]


class Rule(NamedTuple):
    """A type that a value must convert to, and the sentence for one that does not."""

    type: Any
    message: str


def _map_rules(entries: str, most: int, longest: int) -> tuple[Rule, ...]:
    type Value = Annotated[str, Meta(min_length=1, max_length=longest)]
    size = Meta(max_length=most)
    return (
        Rule(dict[str, str], f"must be a map of strings to strings ({entries})"),
        Rule(Annotated[dict[str, str], size], f"must have at most {most} entries"),
        Rule(
            Annotated[dict[Name, Value], size],
            f"must have names between 1 and {MAX_NAME} characters"
            f" and values between 1 and {longest} characters",
        ),
    )


_IDENTITY_RULES: Final = (
    Rule(str, "must be a string"),
    Rule(_IdentityText, f"must be between 1 and {MAX_IDENTITY_ID} characters"),
    Rule(
        IdentityId,
        'must have the form REGION:GUID, such as "us-east-1:12345678-90ab-cdef-1234-567890abcdef"',
    ),
)

RULES: Final[Mapping[str, tuple[Rule, ...]]] = {
    "identity_pool_id": _IDENTITY_RULES,
    "identity_id": _IDENTITY_RULES,
    "logins": _map_rules("provider name to user identifier", MAX_LOGINS, MAX_LOGIN_VALUE),
    "principal_tags": _map_rules("tag name to value", MAX_TAGS, MAX_TAG_VALUE),
    "token_duration": (
        Rule(int, "must be an integer"),
        Rule(_TokenDuration, f"must be between 1 and {MAX_DURATION_SECONDS} seconds"),
    ),
}
_required, *_optional = [(name, rules[-1].type) for name, rules in RULES.items()]
_ALL: Final = msgspec.defstruct(
    "All", [_required, *((*field, None) for field in _optional)], forbid_unknown_fields=True
)
_SHOWN_NAME: Final = re.compile(r"[A-Za-z_]{1,64}(?![\s\S])")
_MOST_UNKNOWN: Final = 10


def parse(given: Mapping[str, object], known: Collection[str] = RULES) -> Arguments:
    """Check `given` against every rule. Hints are of `known`, the arguments that the door takes.

    `None` counts as left out, and nothing is coerced.

    Raises:
        InvalidParameterException: with one violation for each argument that breaks a rule.
    """
    arguments: dict[str, Any] = {n: v for n, v in given.items() if v is not None or n not in RULES}
    # One look at all of them; which rule is broken, and how to say it, comes after.
    if not _passes(msgspec.convert, arguments, _ALL) or not _passes(msgspec.json.encode, arguments):
        broken = [*_broken(arguments), *_unknown(arguments, known)]
        raise InvalidParameterException(violations=broken)
    for name in ("logins", "principal_tags"):
        if name in arguments:
            arguments[name] = {key: Secret(value) for key, value in arguments[name].items()}
    return Arguments(**arguments)


def _broken(arguments: Mapping[str, Any]) -> Iterable[Violation]:
    if "identity_pool_id" not in arguments:
        yield Violation("identity_pool_id", "is required")
    for name, value in arguments.items():
        rules = RULES.get(name, ())
        broken = [rule.message for rule in rules if not _passes(msgspec.convert, value, rule.type)]
        if broken:
            yield Violation(name, broken[0])
        elif rules and not _passes(msgspec.json.encode, value):
            yield Violation(name, "must be valid Unicode text, without lone surrogates")


def _passes(check: Callable[..., object], *values: object) -> bool:
    try:
        check(*values)
    except ValueError:
        return False
    return True


def _unknown(given: Mapping[str, object], known: Collection[str]) -> Iterable[Violation]:
    unknown = [name for name in given if name not in RULES]
    for name in unknown[:_MOST_UNKNOWN]:
        # A name that can't be one may be a value in the wrong place: it is not repeated.
        shown = name if isinstance(name, str) and _SHOWN_NAME.match(name) else "(unnamed)"
        nearest = difflib.get_close_matches(shown, known, n=1, cutoff=0.5)
        others = f"the arguments are {', '.join(known)}"
        hint = f'did you mean "{nearest[0]}"?' if nearest else others
        yield Violation(shown, f"is not an argument; {hint}")
    if len(unknown) > _MOST_UNKNOWN:
        yield Violation("(others)", f"{len(unknown) - _MOST_UNKNOWN} more are not arguments")
