"""A user's arguments: the login and the tags come from what one authorizer verified, and from
nothing else."""

import unicodedata
from functools import partial

import pytest

from openid_token.claims import for_credentials, for_token
from openid_token.errors import AccessDeniedException
from openid_token.request import User
from tests.builders import ISSUER, LOGIN, POOL, PROVIDER, Json, settings

USER_CANT = "a signed-in user can't give this; the login and the tags come from the verified token"
LAMBDA: Json = {"jwt_issuer": "", "user_authorizer_arn": "arn:aws:lambda:x"}
# What API Gateway makes of null, lists and objects; text that names nobody; text with nothing to
# see, and text that looks like another.
NOBODY = [
    *("<nil>", "[]", "[a b]", "[4711", "map[]", "map[a:b]", "map[", "{}", '{"a":"b"}', ' {"a": 1}'),
    *("null", "None", "undefined", " null ", "", " ", "\t \n", "\u00a0", "\u200b\ufeff"),
    *(
        "4711\x00",
        "47\n11",
        "4711\n",
        "4711\x7f",
        "\x854711",
        "\u00a04711\x1f",
        "a\u2028b",
        "a\u2029b",
    ),
    *("\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u180e", "\u2062", "\u2800", "\u3164"),
    *("\ufe0f", "\uffa0", "\U000e0020", "\U0001d159", "\u17b5", "\u3164 \u2800", "\ud800"),
    *("user\u202e4711", "\u2066user-4711\u2069", "user\u200d4711", "user\u00ad4711"),
]
SOMEBODY = ["nil", "x<nil>", "<nil>x", "a[b]", "map", "a map[b]", " a", "ü 🦉", "0", "nulls"]
SOMEBODY += ["Null", "a{b}", "CN=a,OU=b", "अनिल", "a\u3164", "e\u0301"]


def verified(**claims: object) -> User:
    return User({"iss": ISSUER, **claims})


def refusal(user: User, given: Json | None = None, **variables: str) -> str:
    with pytest.raises(AccessDeniedException) as raised:
        for_token(given or {}, user, settings(**variables))
    return str(raised.value)


def test_the_login_and_the_tags_come_from_the_claims() -> None:
    limits = settings(
        login_claim="custom:uid",
        login_prefix="github:",
        principal_tag_claims="department=custom:department,tenant=tenant_id,level=level",
    )
    claims = {"sub": "x", "custom:uid": "4711", "custom:department": "legal", "tenant_id": None}

    assert for_token({"token_duration": 5}, verified(**claims), limits) == {
        "identity_pool_id": POOL,
        "token_duration": 5,
        "logins": {PROVIDER: "github:4711"},
        "principal_tags": {"department": "legal"},
    }


def test_without_tag_claims_there_are_no_tags_and_another_pool_is_left_to_the_limits() -> None:
    user = verified(sub="4711", department="legal")
    given = for_token({"logins": None, "identity_pool_id": "a:0"}, user, settings())

    assert given == {
        "identity_pool_id": "a:0",
        "logins": {PROVIDER: "4711"},
        "principal_tags": None,
    }


@pytest.mark.parametrize(
    ("given", "named"),
    [
        *(({"logins": {PROVIDER: "x"}}, "logins"), ({"logins": {}}, "logins")),
        *(({"principal_tags": {}}, "principal_tags"), ({"identity_id": ""}, "identity_id")),
        ({"logins": 0, "identity_id": 0}, "identity_id, logins"),
    ],
)
def test_a_user_gives_neither_login_nor_tags_nor_identity(given: Json, named: str) -> None:
    assert refusal(verified(sub="4711"), given) == f"{named}: {USER_CANT}"


@pytest.mark.parametrize("value", NOBODY, ids=ascii)
@pytest.mark.parametrize("claim", ["sub", "tag"])
def test_text_that_names_nobody_is_no_login_and_no_tag(claim: str, value: str) -> None:
    claims = {"sub": LOGIN, claim: value}

    assert refusal(verified(**claims), principal_tag_claims="tag=tag") == (
        f'the claim "{claim}" of the verified token names nobody'
    )


def test_no_login_has_a_control_or_is_made_of_nothing_to_see() -> None:
    """Every character that is no letter, number, punctuation or symbol, alone."""
    limits, plane = settings(), map(chr, range(0x10000))
    for c in (c for c in plane if unicodedata.category(c)[0] not in "LNPS"):
        with pytest.raises(AccessDeniedException):
            for_token({}, verified(sub=c), limits)


@pytest.mark.parametrize("text", SOMEBODY)
def test_any_other_text_is_a_login(text: str) -> None:
    assert for_token({}, verified(sub=text), settings())["logins"] == {PROVIDER: text}


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b_.:/=+-@9", None), ("größe 東京　Ⅷ", None), (True, "true"), (-42, "-42")],
)
def test_a_tag_is_what_sts_takes(value: object, text: str | None) -> None:
    given = for_token({}, verified(sub="x", t=value), settings(principal_tag_claims="tag=t"))

    assert given["principal_tags"] == {"tag": text or value}


@pytest.mark.parametrize("value", ["a,b", "a;b", "a#", "a|b", "🦉", "e\u0301", "a*", "a(b)", '"a"'])
def test_a_tag_that_sts_refuses_is_refused_here(value: str) -> None:
    said = refusal(verified(sub="x", t=value), principal_tag_claims="tag=t")

    assert said == 'the tag "tag" must have a value of letters, digits, spaces and _.:/=+-@ only'


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        *((True, ": it is a boolean"), (42.5, ": it is a fraction"), (42.0, ": it is a fraction")),
        *((["4711"], ": it is a list"), ({"a": "b"}, ": it is an object"), (None, "")),
        *(("true", ""), ("false", "")),
    ],
)
def test_a_type_that_users_would_share_is_no_login(value: object, kind: str) -> None:
    by_jwt, by_lambda = verified(sub=value), User({}, {"sub": value})
    said = f'the claim "sub" of the verified token names nobody{kind}'

    assert refusal(by_jwt) == refusal(by_lambda, **LAMBDA) == said
    if not isinstance(value, bool | str | None):
        assert "names nobody" in refusal(verified(sub="x", t=value), principal_tag_claims="tag=t")


@pytest.mark.parametrize("number", ["42", 42], ids=repr)
def test_one_jwt_is_one_user_behind_each_authorizer(number: object) -> None:
    """An HTTP API hands a number on as text, a REST API's own JWT authorizer as a number."""
    event = {"iss": ISSUER, "sub": number, "level": number}
    limits = settings(principal_tag_claims="level=level")

    assert for_token({}, User(event), limits)["logins"] == {PROVIDER: "42"}
    assert for_token({}, User(event), limits)["principal_tags"] == {"level": "42"}


@pytest.mark.parametrize("claims", [{"Sub": "4711"}, {"sub": None}])
def test_without_the_claim_there_is_no_login(claims: Json) -> None:
    assert refusal(verified(**claims)).startswith('the claim "sub"')


@pytest.mark.parametrize("iss", [..., None, "", f"{ISSUER}/", ISSUER.upper(), [ISSUER]], ids=repr)
def test_another_issuers_user_is_nobody(iss: object) -> None:
    claims = {"sub": "4711"} | ({} if iss is ... else {"iss": iss})
    # Whatever a Lambda authorizer says beside it.
    user = User(claims, {"sub": "4711", "iss": ISSUER})

    assert refusal(user) == "the verified token is not from this deployment's issuer"


def test_where_a_lambda_authorizer_vouches_no_jwt_does() -> None:
    both = User({"sub": "of-jwt", "iss": ISSUER}, {"sub": "of-lambda"})

    assert for_token({}, both, settings(**LAMBDA))["logins"] == {PROVIDER: "of-lambda"}
    assert "names nobody" in refusal(verified(sub="of-jwt"), **LAMBDA)


def test_without_an_authorizer_or_a_provider_there_are_no_users() -> None:
    user = User({"sub": "4711", "iss": ISSUER}, {"sub": "4711"})
    for make in (partial(for_token, {}), for_credentials):
        with pytest.raises(AccessDeniedException, match="this deployment has no signed-in users"):
            make(user, settings(jwt_issuer=""))
        with pytest.raises(AccessDeniedException, match="no developer provider for users"):
            make(user, settings(developer_provider_name=""))


@pytest.mark.parametrize(
    ("both", "users", "applied"), [("86400", "900", 60), ("59", "900", 59), ("900", "1", 1)]
)
def test_credentials_need_a_minute_or_the_cap(both: str, users: str, applied: int) -> None:
    limits = settings(max_token_duration=both, user_max_token_duration=users)

    assert for_credentials(verified(sub="4711"), limits)["token_duration"] == applied
