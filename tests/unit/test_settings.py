"""The environment: each variable, and what is said when it is wrong."""

from collections.abc import Mapping

import pytest

from openid_token.settings import VARIABLES, ConfigurationError, Settings
from tests.kit.builders import POOL

SECONDS = "must be a whole number of seconds between 1 and 86400"
NAMES = "must be a comma-separated list of"
PAIRS = "must be a list like tag=claim,tag=claim, each tag once"
NO_PAIRS = ("8642", "8642=", "=8642", "8642=b,", "8642=b,8642=c")
NO_SECONDS = ("0", "86401", "-1", "900.0", "1_000", "٩٠٠", "²", "9" * 5000, "900 s")
POOL_FORM = "an identity pool id of the form REGION:GUID"

TAGS_APART = {"PRINCIPAL_TAG_CLAIMS": "a=b", "ALLOWED_PRINCIPAL_TAGS": "c"}
BOTH = {"JWT_ISSUER": "a", "USER_AUTHORIZER_ARN": "b"}
PROVIDERS_APART = {"DEVELOPER_PROVIDER_NAME": "a", "ALLOWED_LOGIN_PROVIDERS": "b"}


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
    lists = {n for n in VARIABLES if not n.startswith(("DEV", "JWT", "LOGIN", "USER_A"))}
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
        ("USER_MAX_TOKEN_DURATION", SECONDS, "wrong-8642"),
        ("ALLOWED_PRINCIPAL_TAGS", f"{NAMES} tag names", "wrong-8642,"),
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


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"PRINCIPAL_TAG_CLAIMS": "a=b", "ALLOWED_PRINCIPAL_TAGS": "a,c"}, ""),
        ({"DEVELOPER_PROVIDER_NAME": "a", "ALLOWED_LOGIN_PROVIDERS": "a,b"}, ""),
        ({"ALLOWED_LOGIN_PROVIDERS": "a"}, ""),
        (TAGS_APART, "PRINCIPAL_TAG_CLAIMS"),
        (PROVIDERS_APART, "DEVELOPER_PROVIDER_NAME"),
        (BOTH, "JWT_ISSUER and USER_AUTHORIZER_ARN"),
        (TAGS_APART | PROVIDERS_APART, "PRINCIPAL_TAG_CLAIMS DEVELOPER_PROVIDER_NAME"),
    ],
)
def test_settings_that_contradict_each_other(variables: dict[str, str], named: str) -> None:
    parts = complaint({"IDENTITY_POOL_ID": POOL, **variables}).split("; ")

    assert " ".join(part.partition(" must ")[0] for part in parts) == named
