"""What a deployment allows, and for whom."""

import pytest

from openid_token.arguments import Arguments, parse
from openid_token.errors import AccessDeniedException
from openid_token.policy import allow
from tests.builders import IDENTITY, OTHER_POOL, POOL, PROVIDER, Json, arguments, settings

DAY = 86_400


def refusal(given: Arguments, *, of_user: bool = False, **variables: str) -> str:
    with pytest.raises(AccessDeniedException) as raised:
        allow(given, settings(**variables), of_user=of_user)
    return str(raised.value)


def test_allows_what_passes_no_limit() -> None:
    given = parse(arguments(principal_tags={"any": "tag"}, identity_id=IDENTITY))

    assert allow(given, settings(), of_user=False) is given


def test_allows_what_is_on_the_lists() -> None:
    given = parse(arguments(principal_tags={"tenant": "x"}, token_duration=600))
    limits = settings(
        allowed_principal_tags="department,tenant",
        allowed_login_providers=f"x,{PROVIDER}",
        max_token_duration="600",
    )

    assert allow(given, limits, of_user=False) is given


@pytest.mark.parametrize(
    "given",
    [
        {"logins": ..., "principal_tags": {}},
        {"logins": {}, "principal_tags": None},
    ],
    ids=["logins left out", "logins empty"],
)
def test_nothing_given_is_nothing_refused(given: dict[str, object]) -> None:
    limits = settings(allowed_principal_tags="tenant", allowed_login_providers=PROVIDER)

    assert allow(parse(arguments(**given)), limits, of_user=False)


@pytest.mark.parametrize(
    ("given", "limits", "said"),
    [
        (
            {"identity_pool_id": OTHER_POOL},
            {},
            f"identity_pool_id: this deployment issues for {POOL} only",
        ),
        (
            {"token_duration": 601},
            {"max_token_duration": "600"},
            "token_duration: this deployment allows at most 600 seconds",
        ),
        (
            {"principal_tags": {"tenant": "x", "admin-8642": "y"}},
            {"allowed_principal_tags": "tenant,department"},
            "principal_tags: this deployment allows only department, tenant",
        ),
        (
            {"logins": {"graph.facebook.com": "x"}},
            {"allowed_login_providers": PROVIDER},
            f"logins: this deployment allows only {PROVIDER}",
        ),
    ],
    ids=["another pool", "a longer duration", "another tag", "another provider"],
)
def test_says_what_is_allowed_and_never_what_was_given(
    given: Json, limits: Json, said: str
) -> None:
    assert refusal(parse(arguments(**given)), **limits) == said


def test_names_every_limit_that_is_passed() -> None:
    given = parse(
        arguments(
            identity_pool_id=OTHER_POOL,
            token_duration=DAY,
            principal_tags={"x": "y"},
            logins={"x": "y"},
        )
    )
    limits = {"allowed_principal_tags": "tenant", "allowed_login_providers": PROVIDER}

    named = [part.split(":")[0] for part in refusal(given, of_user=True, **limits).split("; ")]

    assert named == ["identity_pool_id", "token_duration", "principal_tags", "logins"]


@pytest.mark.parametrize(
    ("given", "cap", "applied"),
    [
        pytest.param(None, 899, 899, id="left out, cap below the default"),
        pytest.param(None, 900, None, id="left out, cap at the default"),
        pytest.param(None, DAY, None, id="left out, cap above the default"),
        pytest.param(899, 899, 899, id="at the cap"),
        pytest.param(1, 899, 1, id="below the cap"),
    ],
)
def test_the_duration_that_is_applied(given: int | None, cap: int, applied: int | None) -> None:
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
    assert refusal(over, of_user=of_user, **limits).endswith(f"at most {cap} seconds")
