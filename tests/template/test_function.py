"""What the function's properties must guarantee."""

from __future__ import annotations

import pytest

from tests.template.cloudformation import SOURCE, Stack, transform

FUNCTION = "AWS::Lambda::Function"
POOL = "us-east-1:00000000-0000-4000-8000-000000000000"


def environment(**parameters: str) -> dict[str, object]:
    variables: dict[str, object] = Stack(**parameters).only(FUNCTION)["Environment"]["Variables"]
    return variables


@pytest.mark.parametrize(
    ("parameter", "variable", "value"),
    [
        ("IdentityPoolId", "IDENTITY_POOL_ID", POOL),
        ("DeveloperProviderName", "DEVELOPER_PROVIDER_NAME", "login.other.example"),
        ("MaxTokenDuration", "MAX_TOKEN_DURATION", "3600"),
        ("UserMaxTokenDuration", "USER_MAX_TOKEN_DURATION", "300"),
        ("AllowedPrincipalTags", "ALLOWED_PRINCIPAL_TAGS", "department,tenant"),
        ("AllowedLoginProviders", "ALLOWED_LOGIN_PROVIDERS", "login.example.com"),
        ("AllowedOrigins", "ALLOWED_ORIGINS", "https://app.example.com"),
        ("LoginClaim", "LOGIN_CLAIM", "user_id"),
        ("PrincipalTagClaims", "PRINCIPAL_TAG_CLAIMS", "tenant=tenant_id"),
    ],
)
def test_a_parameter_reaches_the_environment(parameter: str, variable: str, value: str) -> None:
    assert environment(**{parameter: value})[variable] == value


def test_a_created_pool_reaches_the_environment() -> None:
    assert environment()["IDENTITY_POOL_ID"] == "eu-west-1:${IdentityPool}"


def test_neither_tokens_nor_events_are_traced_or_logged() -> None:
    variables = environment()
    assert variables["POWERTOOLS_TRACER_CAPTURE_RESPONSE"] == "false"
    assert variables["POWERTOOLS_TRACER_CAPTURE_ERROR"] == "false"
    assert variables["POWERTOOLS_LOGGER_LOG_EVENT"] == "false"


def test_every_call_is_traced() -> None:
    assert Stack().only(FUNCTION)["TracingConfig"] == {"Mode": "Active"}


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_it_runs_on_the_architecture_that_the_package_is_built_for(architecture: str) -> None:
    function = Stack(Architecture=architecture).only(FUNCTION)
    assert function["Architectures"] == [architecture]
    assert function["Runtime"] == "python3.13"
    assert SOURCE["Resources"]["IssueTokenFunction"]["Metadata"]["ContextPath"] == {
        "Fn::Sub": "tools/packager/${Architecture}"
    }


def test_its_log_is_json_in_a_group_with_retention() -> None:
    stack = Stack(LogRetentionDays="30", LogLevel="DEBUG")
    assert stack.only(FUNCTION)["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": "${IssueTokenLogGroup}",
        "ApplicationLogLevel": "DEBUG",
        "SystemLogLevel": "INFO",
    }
    for group in stack.of_type("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == "30"


def test_logs_and_a_created_pool_outlive_the_stack() -> None:
    resources = Stack().resources
    for name in ("IssueTokenLogGroup", "TokenApiLogGroup", "IdentityPool"):
        assert resources[name]["DeletionPolicy"] == "Retain"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(("given", "reserved"), [("", None), ("0", "0"), ("50", "50")])
def test_concurrency_is_reserved_on_demand(given: str, reserved: str | None) -> None:
    function = Stack(ReservedConcurrency=given).only(FUNCTION)
    assert function.get("ReservedConcurrentExecutions") == reserved


@pytest.mark.parametrize(("given", "applied"), [("Off", "None"), ("On", "PublishedVersions")])
def test_snap_start_is_on_demand(given: str, applied: str) -> None:
    assert Stack(SnapStart=given).only(FUNCTION)["SnapStart"] == {"ApplyOn": applied}


def test_a_pool_is_created_only_when_none_is_given() -> None:
    assert Stack().only("AWS::Cognito::IdentityPool") == {
        "DeveloperProviderName": "login.example.com",
        "AllowUnauthenticatedIdentities": False,
    }
    assert not Stack(IdentityPoolId=POOL).of_type("AWS::Cognito::IdentityPool")


def test_the_alias_follows_the_newest_version() -> None:
    stack = Stack()
    (version,) = stack.of_type("AWS::Lambda::Version")
    alias = stack.only("AWS::Lambda::Alias")
    assert alias["Name"] == "live"
    assert alias["FunctionVersion"] == f"${{{version}.Version}}"


def test_each_parameter_that_the_function_reads_publishes_a_version() -> None:
    template = transform()
    version = Stack().only("AWS::Lambda::Version")
    assert version["Description"] == "settings ${SettingsVersion}"
    # Concurrency belongs to the function, not to a version.
    function = dict(template["Resources"]["IssueTokenFunction"]["Properties"])
    del function["ReservedConcurrentExecutions"]
    settings = template["Resources"]["SettingsVersion"]["Properties"]["Content"]
    assert parameters_in(function) <= parameters_in(settings)


def parameters_in(value: object) -> set[str]:
    """The parameters that the value reads, through conditions too."""
    found: set[str] = set()
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "Ref" and each in SOURCE["Parameters"]:
                found.add(each)
            if key == "Fn::If":
                found |= parameters_in(SOURCE["Conditions"][each[0]])
            found |= parameters_in(each)
    elif isinstance(value, list):
        for each in value:
            found |= parameters_in(each)
    return found
