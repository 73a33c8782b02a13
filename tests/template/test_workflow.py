"""The Express workflow: what it keeps, and what it is given."""

import re

from tests.kit.template import FILE, SOURCE, Stack

MACHINE = "AWS::StepFunctions::StateMachine"


def test_it_keeps_no_history_and_its_log_no_data_of_an_execution() -> None:
    machine = Stack().only(MACHINE)
    assert machine["StateMachineType"] == "EXPRESS"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    logging = machine["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    group = {"LogGroupArn": "${IssueTokenWorkflowLogGroup.Arn}"}
    assert destination["CloudWatchLogsLogGroup"] == group


def test_its_definition_gets_all_that_it_asks_for() -> None:
    properties = SOURCE["Resources"]["IssueTokenWorkflow"]["Properties"]
    definition = (FILE.parent / properties["DefinitionUri"]).read_text(encoding="utf-8")
    given = Stack().only(MACHINE)["DefinitionSubstitutions"]
    assert set(re.findall(r"\$\{(\w+)\}", definition)) == set(given)
    assert given == {"FunctionAliasArn": "${IssueTokenFunctionAliaslive}", "Partition": "aws"}
