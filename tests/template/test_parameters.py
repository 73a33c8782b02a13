"""Parameters: described, grouped, read, and stricter than the function's own settings."""

from __future__ import annotations

import json
import re

import pytest

from tests.template.cloudformation import SOURCE

PARAMETERS = SOURCE["Parameters"]
SECTIONS = {key: SOURCE[key] for key in ("Conditions", "Resources", "Outputs")}


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_is_described_and_has_a_default(name: str) -> None:
    assert len(PARAMETERS[name]["Description"]) > 30
    assert "Default" in PARAMETERS[name]


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_is_read(name: str) -> None:
    text = json.dumps(SECTIONS)
    assert f'{{"Ref": "{name}"}}' in text or f"${{{name}}}" in text


@pytest.mark.parametrize("name", PARAMETERS)
def test_it_has_limits_and_says_them(name: str) -> None:
    declared = PARAMETERS[name]
    assert {"AllowedValues", "AllowedPattern", "MinValue"} & set(declared)
    assert "AllowedValues" in declared or "ConstraintDescription" in declared


@pytest.mark.parametrize("name", PARAMETERS)
def test_its_default_is_within_its_limits(name: str) -> None:
    declared = PARAMETERS[name]
    default = declared["Default"]
    assert default in declared.get("AllowedValues", [default])
    assert re.fullmatch(declared.get("AllowedPattern", ".*"), str(default))
    if "MinValue" in declared:
        assert declared["MinValue"] <= default <= declared["MaxValue"]


def test_each_is_in_one_group() -> None:
    groups = SOURCE["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]
    grouped = [name for group in groups for name in group["Parameters"]]
    assert sorted(grouped) == sorted(PARAMETERS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("IdentityPoolId", "eu-west-1"),
        ("IdentityPoolId", "eu-west-1:NOT-HEX"),
        ("DeveloperProviderName", "login example"),
        ("JwtIssuer", "http://issuer.example.com"),
        ("JwtAudience", "one, two"),
        ("LoginClaim", ""),
        ("PrincipalTagClaims", "department"),
        ("PrincipalTagClaims", "a=b,"),
        ("AllowedPrincipalTags", "a,"),
        ("AllowedLoginProviders", ",a"),
        ("ReservedConcurrency", "-1"),
    ],
)
def test_a_malformed_value_is_refused(name: str, value: str) -> None:
    assert not re.fullmatch(PARAMETERS[name]["AllowedPattern"], value)
