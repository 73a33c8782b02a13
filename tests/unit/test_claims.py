"""A user's arguments: the login and the tags come from the claims, and from nothing else."""

from functools import partial

import pytest

from openid_token.claims import for_credentials, for_token
from openid_token.errors import AccessDeniedException
from tests.builders import POOL, PROVIDER, settings

USER_CANT = "a signed-in user can't give this; the login and the tags come from the verified token"
# What API Gateway makes of null, lists and objects; and text that names nobody.
NOBODY = [
    *("<nil>", "[]", "[a b]", "[4711", "map[]", "map[a:b]", "map["),
    *("", " ", "\t \n", "\u00a0", "\u200b\ufeff"),
    *("4711\x00", "47\n11", "4711\n", "4711\x7f", "\x854711", "\u00a04711\x1f"),
]
SOMEBODY = ["nil", "x<nil>", "<nil>x", "a[b]", "map", "a map[b]", " a", "ü 🦉", "true", "0"]


def test_the_login_and_the_tags_come_from_the_claims() -> None:
    limits = settings(
        login_claim="custom:uid",
        principal_tag_claims="department=custom:department,tenant=tenant_id,level=level",
    )
    claims = {"sub": "x", "custom:uid": "4711", "custom:department": "legal", "tenant_id": None}

    assert for_token({"identity_pool_id": POOL, "token_duration": 5}, claims, limits) == {
        "identity_pool_id": POOL,
        "token_duration": 5,
        "logins": {PROVIDER: "4711"},
        "principal_tags": {"department": "legal"},
    }


def test_without_tag_claims_there_are_no_tags() -> None:
    given = for_token({"logins": None}, {"sub": "4711", "department": "legal"}, settings())

    assert given == {"logins": {PROVIDER: "4711"}, "principal_tags": None}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        *(({"logins": {PROVIDER: "x"}}, "logins"), ({"logins": {}}, "logins")),
        *(({"principal_tags": {}}, "principal_tags"), ({"identity_id": ""}, "identity_id")),
        ({"logins": 0, "identity_id": 0}, "identity_id, logins"),
    ],
)
def test_a_user_gives_neither_login_nor_tags_nor_identity(
    given: dict[str, object], named: str
) -> None:
    with pytest.raises(AccessDeniedException) as raised:
        for_token(given, {"sub": "4711"}, settings())

    assert str(raised.value) == f"{named}: {USER_CANT}"


@pytest.mark.parametrize("value", [*NOBODY, 4711, True, ["4711"], {"a": "b"}], ids=repr)
@pytest.mark.parametrize("claim", ["sub", "custom:department"])
def test_a_claim_that_names_nobody_is_no_login_and_no_tag(claim: str, value: object) -> None:
    limits = settings(principal_tag_claims="department=custom:department")
    with pytest.raises(AccessDeniedException, match=f'^the claim "{claim}" of the .* names nobody'):
        for_token({}, {"sub": "4711", claim: value}, limits)


@pytest.mark.parametrize("claims", [{"Sub": "4711"}, {"sub": None}])
def test_without_the_claim_there_is_no_login(claims: dict[str, object]) -> None:
    with pytest.raises(AccessDeniedException, match='the claim "sub"'):
        for_token({}, claims, settings())


@pytest.mark.parametrize("text", SOMEBODY)
def test_any_other_text_is_a_login_and_a_tag(text: str) -> None:
    given = for_token({}, {"sub": text}, settings(principal_tag_claims="uid=sub"))

    assert given == {"logins": {PROVIDER: text}, "principal_tags": {"uid": text}}


def test_without_a_provider_there_are_no_users() -> None:
    for make in (partial(for_token, {}), for_credentials):
        with pytest.raises(AccessDeniedException, match="no developer provider for users"):
            make({"sub": "4711"}, settings(developer_provider_name=""))


@pytest.mark.parametrize(
    ("both", "users", "applied"), [("86400", "900", 60), ("59", "900", 59), ("900", "1", 1)]
)
def test_credentials_need_a_minute_or_the_cap(both: str, users: str, applied: int) -> None:
    limits = settings(
        max_token_duration=both, user_max_token_duration=users, principal_tag_claims="uid=sub"
    )

    assert for_credentials({"sub": "4711"}, limits) == {
        "identity_pool_id": POOL,
        "token_duration": applied,
        "logins": {PROVIDER: "4711"},
        "principal_tags": {"uid": "4711"},
    }
