"""The environment: each variable, and what is said when it is wrong."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openid_token.settings import VARIABLES, ConfigurationError, Settings
from tests.kit.builders import POOL
from tests.kit.template import SOURCE

SECONDS = "must be a whole number of seconds between 1 and 86400"
NAMES = "must be a comma-separated list of"
PAIRS = "must be a list like tag=claim, each once, of tag names"
NO_PAIRS = (
    *("8642", "8642=", "=8642", "8642=b,", "8642=b,8642=c", "a8642=b,A8642=c"),
    *("aws:8642=b", "AWS:8642=b", "8642#=b", "8642é\u0301=b"),
)
NO_SECONDS = ("0", "86401", "-1", "900.0", "1_000", "٩٠٠", "²", "9" * 5000, "900 s")
POOL_FORM = "an identity pool id of the form REGION:GUID"


def read(**variables: str) -> Settings:
    return Settings.from_environment({"IDENTITY_POOL_ID": POOL, **variables})


def complaint(environ: Mapping[str, str]) -> str:
    """What is wrong, if anything is."""
    try:
        Settings.from_environment(environ)
    except ConfigurationError as error:
        return str(error)
    return ""


def test_the_pool_alone_is_enough() -> None:
    # All else has a default, or none is needed.
    assert read() == Settings(identity_pool_id=POOL, principal_tag_claims={})
    assert (read().login_claim, read().developer_provider_name) == ("sub", None)
    assert (read().max_token_duration, read().user_max_token_duration) == (86_400, 900)
    assert not read().allowed_principal_tags | read().allowed_login_providers


def test_empty_variables_are_left_out() -> None:
    assert read(**{n: "" for n in VARIABLES if n != "IDENTITY_POOL_ID"}) == read()


@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.parametrize("blank", [" ", "\t\n", ",", " , "])
def test_one_that_is_set_but_blank_is_wrong(variable: str, blank: str) -> None:
    # A comma is a name.
    names = ("DEV", "JWT", "LOGIN", "USER_A", "ALLOWED_LOGIN_PREFIX")
    lists = {n for n in VARIABLES if not n.startswith(names)}
    if "," not in blank or variable in lists:
        assert complaint({"IDENTITY_POOL_ID": POOL, variable: blank}).startswith(variable)


def test_the_region_is_the_pools() -> None:
    assert read(AWS_REGION="us-east-1").region == "eu-central-1"


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("IDENTITY_POOL_ID", f" {POOL} ", POOL),
        ("DEVELOPER_PROVIDER_NAME", "n" * 128, "n" * 128),
        ("LOGIN_CLAIM", "custom:user id", "custom:user id"),
        ("JWT_ISSUER", "https://login.example.com/", "https://login.example.com/"),
        ("LOGIN_PREFIX", "github:", "github:"),
        ("PRINCIPAL_TAG_CLAIMS", "a=b=c, d = custom:d", {"a": "b=c", "d": "custom:d"}),
        ("MAX_TOKEN_DURATION", "86400", 86_400),
        ("USER_MAX_TOKEN_DURATION", "0900", 900),
        ("ALLOWED_PRINCIPAL_TAGS", "a, b", frozenset({"a", "b"})),
    ],
)
def test_reads(variable: str, text: str, value: object) -> None:
    assert getattr(read(**{variable: text}), variable.lower()) == value


@pytest.mark.parametrize(
    ("variable", "message", "text"),
    [
        ("DEVELOPER_PROVIDER_NAME", "must be the pool's developer provider", "wrong-8642" * 13),
        ("LOGIN_CLAIM", "must be the name of the claim", "wrong-8642" * 13),
        ("JWT_ISSUER", "must be the issuer (iss) of the users' JWTs", "a 8642"),
        ("USER_AUTHORIZER_ARN", "must be the ARN of a Lambda authorizer", "a 8642"),
        ("LOGIN_PREFIX", "must be text without spaces", "a 8642"),
        ("ALLOWED_LOGIN_PREFIX", "must be text without spaces", "a 8642"),
        ("USER_MAX_TOKEN_DURATION", SECONDS, "wrong-8642"),
        *(("ALLOWED_PRINCIPAL_TAGS", f"{NAMES} tag names", it) for it in ("8642,", "a,Aws:8642")),
        ("ALLOWED_LOGIN_PROVIDERS", f"{NAMES} login provider names", ",wrong-8642"),
        *(("IDENTITY_POOL_ID", f"must be {POOL_FORM}", x) for x in ("wrong-8642", "a:" + "0" * 54)),
        *(("PRINCIPAL_TAG_CLAIMS", PAIRS, text) for text in NO_PAIRS),
        *(("MAX_TOKEN_DURATION", SECONDS, text) for text in NO_SECONDS),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_names_a_malformed_variable_and_what_it_should_be(
    variable: str, message: str, text: str
) -> None:
    said = complaint({"IDENTITY_POOL_ID": POOL, variable: text})

    assert said.startswith(f"{variable} {message}")
    assert ";" not in said
    assert "8642" not in said


@pytest.mark.parametrize("environ", [{}, {"IDENTITY_POOL_ID": ""}], ids=["missing", "empty"])
def test_the_pool_is_required(environ: dict[str, str]) -> None:
    assert complaint(environ) == f"IDENTITY_POOL_ID must be {POOL_FORM}"


def test_reports_all_together() -> None:
    wrong = dict.fromkeys(("MAX_TOKEN_DURATION", "PRINCIPAL_TAG_CLAIMS"), "x")
    named = [part.split()[0] for part in complaint(wrong).split("; ")]

    assert sorted(named) == sorted(["IDENTITY_POOL_ID", *wrong])


def test_one_authorizer_vouches_for_users() -> None:
    both = {"JWT_ISSUER": "a", "USER_AUTHORIZER_ARN": "b"}
    assert complaint({"IDENTITY_POOL_ID": POOL, **both}) == (
        "JWT_ISSUER and USER_AUTHORIZER_ARN must not both be given"
    )


# By the parameter that each is made of.
READ_BY_THE_FUNCTION = {
    name: variable
    for variable in VARIABLES
    if (name := variable.title().replace("_", "")) in SOURCE["Parameters"]
}


@pytest.mark.parametrize("name", READ_BY_THE_FUNCTION)
@given(data=st.data())
def test_what_the_template_lets_through_stops_no_function(name: str, data: st.DataObject) -> None:
    declared = SOURCE["Parameters"][name]
    pattern = re.compile(declared["AllowedPattern"], re.ASCII)
    # As far as a pattern can say it: of what can be typed in ASCII.
    typed = st.characters(min_codepoint=32, max_codepoint=126)
    text = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=typed))
    assume(len(text) <= declared.get("MaxLength", 4096))
    given_or_made = {READ_BY_THE_FUNCTION[name]: text} if text else {}
    assert complaint({"IDENTITY_POOL_ID": POOL} | given_or_made) == ""
