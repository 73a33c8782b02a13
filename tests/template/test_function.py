"""What the function's properties must guarantee."""

import json

import pytest

from openid_token.settings import VARIABLES
from tests.kit.template import PSEUDO, SOURCE, Stack, transform
from tests.template.test_parameters import SUBNETS

FUNCTION = "AWS::Lambda::Function"
POOL = "us-east-1:00000000-0000-4000-8000-000000000000"


def environment(**parameters: str) -> dict[str, object]:
    variables: dict[str, object] = Stack(**parameters).only(FUNCTION)["Environment"]["Variables"]
    return variables


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_parameter_reaches_the_environment(variable: str) -> None:
    parameter = variable.title().replace("_", "")
    assert environment(**{parameter: "given"})[variable] == "given"


def test_every_call_is_traced_no_event_is_logged_and_every_variable_is_read() -> None:
    function, variables = Stack().only(FUNCTION), environment()
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert variables["POWERTOOLS_LOGGER_LOG_EVENT"] == "false"
    ours = {name for name in variables if not name.startswith("POWERTOOLS_")}
    assert ours == set(VARIABLES)


@pytest.mark.parametrize(
    ("given", "name", "usual", "value"),
    [
        ({"Architecture": "x86_64"}, "Architectures", ["arm64"], ["x86_64"]),
        ({"ReservedConcurrency": "0"}, "ReservedConcurrentExecutions", None, "0"),
        ({"SnapStart": "On"}, "SnapStart", {"ApplyOn": "None"}, {"ApplyOn": "PublishedVersions"}),
        (
            *(SUBNETS, "VpcConfig", None),
            {"SubnetIds": ["subnet-0a1b", "subnet-2c3d"], "SecurityGroupIds": ["sg-0a1b"]},
        ),
    ],
)
def test_a_property_is_the_usual_one_unless_the_owner_asks_for_another(
    given: dict[str, str], name: str, usual: object, value: object
) -> None:
    assert Stack().only(FUNCTION).get(name) == usual
    assert Stack(**given).only(FUNCTION)[name] == value


def test_it_runs_what_the_package_is_built_for() -> None:
    assert Stack().only(FUNCTION)["Runtime"] == "python3.13"
    folder = SOURCE["Resources"]["IssueTokenFunction"]["Metadata"]["ContextPath"]
    assert folder == {"Fn::Sub": "tools/packager/${Architecture}"}


def test_an_event_that_nobody_waits_for_is_not_tried_again() -> None:
    asynchronous = Stack().only("AWS::Lambda::EventInvokeConfig")
    assert (asynchronous["Qualifier"], asynchronous["MaximumRetryAttempts"]) == ("live", 0)


def test_its_log_is_json_in_a_group_with_retention() -> None:
    stack = Stack(LogRetentionDays="30")
    # Lambda gives a line without a level, such as one of metrics, the level INFO.
    assert stack.only(FUNCTION)["LoggingConfig"] == {
        "LogFormat": "JSON",
        "LogGroup": "${IssueTokenLogGroup}",
        "ApplicationLogLevel": "INFO",
        "SystemLogLevel": "INFO",
    }
    for group in stack.of_type("AWS::Logs::LogGroup").values():
        assert group["RetentionInDays"] == "30"


def test_logs_and_a_created_pool_outlive_a_stack_that_was_ever_there() -> None:
    resources = Stack().resources
    for name in ("IssueTokenLogGroup", "TokenApiLogGroup", "IdentityPool"):
        assert resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_a_pool_is_created_only_when_none_is_given() -> None:
    assert environment()["IDENTITY_POOL_ID"] == "eu-west-1:${IdentityPool}"
    named = Stack(DeveloperProviderName="login.example.com")
    assert named.only("AWS::Cognito::IdentityPool") == {
        "DeveloperProviderName": "login.example.com",
        "AllowUnauthenticatedIdentities": False,
    }
    assert not Stack(IdentityPoolId=POOL).of_type("AWS::Cognito::IdentityPool")


def test_the_log_groups_that_services_deliver_to_take_no_room_in_the_accounts_policy() -> None:
    groups = Stack().of_type("AWS::Logs::LogGroup")
    # The API's is kept when the stack goes, so that one of its name needs another.
    assert groups["TokenApiLogGroup"]["LogGroupName"] == "/aws/vendedlogs/apis/issuer-a-guid"
    name = groups["IssueTokenWorkflowLogGroup"]["LogGroupName"]
    assert name.startswith("/aws/vendedlogs/states/issuer")


def test_the_alias_follows_the_newest_version() -> None:
    stack = Stack()
    (version,) = stack.of_type("AWS::Lambda::Version")
    # The one before goes, or each would cost its snapshot for ever.
    assert stack.resources[version]["DeletionPolicy"] == "Delete"
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
    text = json.dumps(value)
    asked = [how for name, how in SOURCE["Conditions"].items() if f'["{name}", ' in text]
    text += json.dumps(asked)
    names = SOURCE["Parameters"]
    return {name for name in names if f'{{"Ref": "{name}"}}' in text or f"${{{name}}}" in text}


def test_what_a_slip_would_change_and_nobody_would_see() -> None:
    stack = Stack()
    # The alarms watch the metrics of this name.
    assert environment()["POWERTOOLS_SERVICE_NAME"] == PSEUDO["AWS::StackName"]
    assert SOURCE["Resources"]["IssueTokenFunction"]["Properties"]["AutoPublishAliasAllProperties"]
    integration = stack.only("AWS::ApiGatewayV2::Integration")
    assert integration["TimeoutInMillis"] > 1000 * stack.only(FUNCTION)["Timeout"]
    assert stack.outputs["FunctionAliasArn"]["Value"] == "${IssueTokenFunctionAliaslive}"
    assert stack.outputs["StateMachineArn"]["Value"] == "${IssueTokenWorkflow}"
    name = stack.only("AWS::CloudWatch::Dashboard")["DashboardName"]
    assert name == f"{PSEUDO['AWS::StackName']}-{PSEUDO['AWS::Region']}"
    alarms = stack.of_type("AWS::CloudWatch::Alarm")
    slow = alarms["SlowRequestsAlarm"]
    assert (slow["ExtendedStatistic"], slow["Unit"]) == ("p99", "Milliseconds")
    said = {
        name: each["Expression"]
        for name, alarm in alarms.items()
        for each in alarm.get("Metrics", ())
        if "Expression" in each
    }
    assert said == {
        "FunctionErrorsAlarm": "errors - direct - workflow",
        "CognitoUnavailableAlarm": "unavailable + internal",
        "TokensIssuedAlarm": "ANOMALY_DETECTION_BAND(issued, 4)",
    }
