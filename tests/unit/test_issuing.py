"""What a deployment allows, and for whom."""

import pytest

from openid_token.arguments import Arguments, parse
from openid_token.errors import AccessDeniedException
from openid_token.issuing import allow
from tests.builders import IDENTITY, OTHER_POOL, POOL, PROVIDER, Json, arguments, settings

DAY = 86_400
LIMITS: Json = {
    "allowed_principal_tags": "tenant,department",
    "allowed_login_providers": PROVIDER,
    "max_token_duration": "600",
}


def refusal(given: Arguments, of_user: bool = False, **variables: str) -> str:
    with pytest.raises(AccessDeniedException) as raised:
        allow(given, settings(**variables), of_user=of_user)
    return str(raised.value)


@pytest.mark.parametrize(
    ("given", "limits"),
    [
        (arguments(principal_tags={"any": "tag"}, identity_id=IDENTITY, token_duration=DAY), {}),
        (arguments(principal_tags={"tenant": "x"}, token_duration=600), LIMITS),
        (arguments(logins=..., principal_tags={}, token_duration=1), LIMITS),
        (arguments(logins={}, token_duration=1), LIMITS),
    ],
    ids=["no limit", "all within", "logins left out", "logins empty"],
)
def test_allows_what_passes_no_limit(given: Json, limits: dict[str, str]) -> None:
    parsed = parse(given)

    assert allow(parsed, settings(**limits), of_user=False) is parsed


def test_names_every_limit_that_is_passed_and_not_what_was_given() -> None:
    given = arguments(
        identity_pool_id=OTHER_POOL,
        token_duration=601,
        principal_tags={"tenant": "x", "admin-8642": "y"},
        logins={"graph.facebook.com": "x"},
    )

    assert refusal(parse(given), **LIMITS).split("; ") == [
        f"identity_pool_id: this deployment issues for {POOL} only",
        "token_duration: this deployment allows at most 600 seconds",
        "principal_tags: this deployment allows only department, tenant",
        f"logins: this deployment allows only {PROVIDER}",
    ]
    for name, value in given.items():
        assert refusal(parse(arguments(**{name: value})), **LIMITS).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("given", "cap", "applied"),
    [(None, 899, 899), (None, 900, None), (None, DAY, None), (899, 899, 899), (1, 899, 1)],
)
def test_the_duration_that_is_applied(given: int | None, cap: int, applied: int | None) -> None:
    """Where none is given, only a cap below the default of 900 seconds counts."""
    limits = settings(max_token_duration=str(cap))
    allowed = allow(parse(arguments(token_duration=given)), limits, of_user=False)

    assert allowed.token_duration == applied


@pytest.mark.parametrize(
    ("of_user", "both", "users", "cap"),
    [
        (False, "1000", "500", 1000),
        (True, "1000", "500", 500),
        (True, "500", "1000", 500),
        (False, "500", "1000", 500),
    ],
)
def test_the_cap_of_a_door(of_user: bool, both: str, users: str, cap: int) -> None:
    limits = {"max_token_duration": both, "user_max_token_duration": users}
    at, over = (parse(arguments(token_duration=duration)) for duration in (cap, cap + 1))

    assert allow(at, settings(**limits), of_user=of_user) is at
    assert refusal(over, of_user, **limits).endswith(f"at most {cap} seconds")
