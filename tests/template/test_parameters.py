"""Parameters: grouped, limited, and stricter than the function's own settings."""

import re

import pytest

from tests.kit.template import SOURCE, Stack

PARAMETERS = SOURCE["Parameters"]
JWT = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app,web"}
LAMBDA = {"UserAuthorizerArn": "arn:aws:lambda:eu-west-1:123456789012:function:mine:live"}
SUBNETS = {"SubnetIds": "subnet-0a1b,subnet-2c3d", "SecurityGroupIds": "sg-0a1b"}
DOMAIN = {
    "DomainName": "tokens.example.com",
    "CertificateArn": "arn:aws:acm:eu-west-1:123456789012:certificate/a-b",
}
CLOSED = {"ExecuteApiEndpoint": "closed"}


def test_what_can_not_be_taken_back_has_no_default_and_who_is_who_has_this() -> None:
    assert [n for n in PARAMETERS if "Default" not in PARAMETERS[n]] == ["DeveloperProviderName"]
    names = ("LoginClaim", "MaxTokenDuration", "UserMaxTokenDuration")
    assert [PARAMETERS[name]["Default"] for name in names] == ["sub", "86400", "900"]


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_has_limits_and_its_default_keeps_them(name: str) -> None:
    declared = {"Default": "login.example.com"} | PARAMETERS[name]
    default = declared["Default"]
    assert {"AllowedValues", "AllowedPattern", "MinValue"} & set(declared)
    # Of values and numbers CloudFormation itself says what is allowed; of a pattern it can't.
    assert ("AllowedPattern" in declared) is ("ConstraintDescription" in declared)
    assert default in declared.get("AllowedValues", [default])
    assert re.fullmatch(declared.get("AllowedPattern", ".*"), str(default))
    if "MinValue" in declared:
        assert declared["MinValue"] <= default <= declared["MaxValue"]


def test_each_is_in_one_group() -> None:
    assert len(PARAMETERS) <= 30
    groups = SOURCE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(PARAMETERS)


MALFORMED = {
    "IdentityPoolId": ["eu-west-1", "eu-west-1:NOT-HEX"],
    "DeveloperProviderName": ["login example"],
    "JwtIssuer": ["http://issuer.example.com"],
    "JwtAudience": ["one, two"],
    "JwtScopes": ["one two"],
    "LoginClaim": [""],
    "LoginPrefix": ["a b"],
    "UserAuthorizerArn": ["mine", "arn:aws:lambda:eu-west-1:1:function:mine"],
    "UserPolicyArns": ["ReadOnlyAccess", "arn:a, arn:b"],
    "SubnetIds": ["subnet-x", "subnet-1,"],
    "SecurityGroupIds": ["subnet-1"],
    "PrincipalTagClaims": [
        *("department", "a=b,", "a=b,c=d,A=e", "AWS:a=b", "a#=b", f"a={'b' * 129}"),
    ],
    "AllowedPrincipalTags": ["a,", " ", "a,aws:b", "a#"],
    "AllowedLoginProviders": [",a", " "],
    "ReservedConcurrency": ["-1"],
    "MaxTokenDuration": ["0", "900.5", "86401", "1e3"],
    "UserMaxTokenDuration": ["0", "900.5", "86401", ""],
    "AllowedOrigins": [
        *("https://App.example.com", "*", "null", "https://*.example.com", "https://a.example/"),
        *(
            "http://localhost.example",
            "https://a.example,*",
            "https://a.example, https://b.example",
        ),
    ],
    "AllowedLoginPrefix": ["a b"],
    "PermissionsBoundaryArn": ["boundary", "arn:aws:iam::aws:role/boundary"],
    "DomainName": ["https://tokens.example.com", "Tokens.example.com", "example"],
    "CertificateArn": ["arn:aws:iam::123456789012:server-certificate/a"],
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_value_is_refused(name: str) -> None:
    pattern = PARAMETERS[name]["AllowedPattern"]
    assert not [value for value in MALFORMED[name] if re.fullmatch(pattern, value)]


def test_origins_are_https_or_localhost() -> None:
    origins = "https://a.example,http://localhost:3000,https://a:8443"
    assert re.fullmatch(PARAMETERS["AllowedOrigins"]["AllowedPattern"], origins)


@pytest.mark.parametrize(
    ("rule", "taken", "refused"),
    [
        *(
            (rule, [{}, pair], [{name: value} for name, value in pair.items()])
            for rule, pair in (("IssuerWithAudience", JWT), ("SubnetsWithSecurityGroups", SUBNETS))
        ),
        (
            "DomainWithCertificate",
            [{}, DOMAIN, DOMAIN | CLOSED],
            [CLOSED, *({name: value} for name, value in DOMAIN.items())],
        ),
        ("OneAuthorizer", [{}, JWT, LAMBDA], [JWT | LAMBDA]),
    ],
)
def test_a_rule_says_which_go_together(
    rule: str, taken: list[dict[str, str]], refused: list[dict[str, str]]
) -> None:
    assert all(Stack(**given).asserts(rule) for given in taken)
    assert not any(Stack(**given).asserts(rule) for given in refused)
