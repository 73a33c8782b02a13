"""What a deployment allows, and for whom."""

import pytest

from openid_token.arguments import Arguments, parse
from openid_token.errors import AccessDeniedException
from openid_token.policy import allow, max_duration, of_user
from tests.builders import IDENTITY, OTHER_POOL, POOL, PROVIDER, arguments, settings

DAY = 86_400
USER_CANT = "a signed-in user can't give this; the login and the tags come from the verified token"


def refusal(given: Arguments, cap: int = DAY, **variables: str) -> str:
    with pytest.raises(AccessDeniedException) as raised:
        allow(given, settings(**variables), cap)
    return str(raised.value)


def test_allows_what_passes_no_limit() -> None:
    given = parse(arguments(principal_tags={"any": "tag"}, identity_id=IDENTITY))

    assert allow(given, settings(), DAY) is given


def test_allows_what_is_on_the_lists() -> None:
    given = parse(arguments(principal_tags={"tenant": "x"}, token_duration=600))
    limits = settings(
        allowed_principal_tags="department,tenant", allowed_login_providers=f"x,{PROVIDER}"
    )

    assert allow(given, limits, 600) is given


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

    assert allow(parse(arguments(**given)), limits, DAY)


def test_refuses_another_pool() -> None:
    assert refusal(parse(arguments(identity_pool_id=OTHER_POOL))) == (
        f"identity_pool_id: this deployment issues for {POOL} only"
    )


def test_refuses_a_longer_duration() -> None:
    assert refusal(parse(arguments(token_duration=601)), 600) == (
        "token_duration: this deployment allows at most 600 seconds"
    )


def test_refuses_another_tag_without_naming_it() -> None:
    given = parse(arguments(principal_tags={"tenant": "x", "admin-8642": "y"}))

    assert refusal(given, allowed_principal_tags="tenant,department") == (
        "principal_tags: this deployment allows only department, tenant"
    )


def test_refuses_another_provider_without_naming_it() -> None:
    given = parse(arguments(logins={"graph.facebook.com": "x"}))

    assert refusal(given, allowed_login_providers=PROVIDER) == (
        f"logins: this deployment allows only {PROVIDER}"
    )


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

    named = [part.split(":")[0] for part in refusal(given, 900, **limits).split("; ")]

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
    allowed = allow(parse(arguments(token_duration=given)), settings(), cap)

    assert allowed.token_duration == applied


@pytest.mark.parametrize(
    ("user", "both", "users", "cap"),
    [
        (False, "1000", "500", 1000),
        (True, "1000", "500", 500),
        (True, "500", "1000", 500),
        (False, "500", "1000", 500),
    ],
)
def test_the_cap_of_a_door(user: bool, both: str, users: str, cap: int) -> None:
    limits = settings(max_token_duration=both, user_max_token_duration=users)

    assert max_duration(limits, user=user) == cap


def test_a_users_login_and_tags_come_from_the_claims() -> None:
    limits = settings(
        login_claim="custom:uid",
        principal_tag_claims="department=custom:department,tenant=tenant_id,level=level",
    )
    claims = {"sub": "x", "custom:uid": "4711", "custom:department": "legal", "tenant_id": ""}

    assert of_user({"identity_pool_id": POOL, "token_duration": 5}, claims, limits) == {
        "identity_pool_id": POOL,
        "token_duration": 5,
        "logins": {PROVIDER: "4711"},
        "principal_tags": {"department": "legal"},
    }


def test_without_tag_claims_there_are_no_tags() -> None:
    given = of_user({"logins": None}, {"sub": "4711", "department": "legal"}, settings())

    assert given == {"logins": {PROVIDER: "4711"}, "principal_tags": None}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        pytest.param({"logins": {PROVIDER: "x"}}, "logins", id="logins"),
        pytest.param({"logins": {}}, "logins", id="empty logins"),
        pytest.param({"principal_tags": {}}, "principal_tags", id="tags"),
        pytest.param({"identity_id": ""}, "identity_id", id="identity"),
        pytest.param({"logins": 0, "identity_id": 0}, "identity_id, logins", id="several"),
    ],
)
def test_a_user_gives_neither_login_nor_tags_nor_identity(
    given: dict[str, object], named: str
) -> None:
    with pytest.raises(AccessDeniedException) as raised:
        of_user(given, {"sub": "4711"}, settings())

    assert str(raised.value) == f"{named}: {USER_CANT}"


@pytest.mark.parametrize(
    "claims",
    [{}, {"sub": None}, {"sub": ""}, {"sub": 4711}, {"sub": ["4711"]}, {"Sub": "4711"}],
    ids=["missing", "null", "empty", "a number", "a list", "in another case"],
)
def test_the_login_claim_must_name_the_user(claims: dict[str, object]) -> None:
    with pytest.raises(AccessDeniedException, match=r'^the claim "sub" must name the user$'):
        of_user({}, claims, settings())


def test_without_a_provider_there_are_no_users() -> None:
    with pytest.raises(AccessDeniedException, match="no developer provider for users"):
        of_user({}, {"sub": "4711"}, settings(developer_provider_name=""))
