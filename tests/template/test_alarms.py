"""Whom an alarm tells, what the dashboard says of the alarms, and how it gets into the stack."""

from __future__ import annotations

import json
import re

import pytest
from samcli.lib.package.packageable_resources import (  # type: ignore[import-untyped]
    include_transform_export_handler,
)

from tests.template.cloudformation import FILE, SOURCE, Stack, included
from tests.template.operations import alarms, widgets

TOPIC = "arn:aws:sns:eu-west-1:123456789012:pager"
SUBSCRIPTION = "AWS::SNS::Subscription"


@pytest.mark.parametrize(("given", "told"), [("", "${AlarmTopic}"), (TOPIC, TOPIC)])
def test_each_alarm_tells_one_topic_when_it_begins_and_ends(given: str, told: str) -> None:
    stack = Stack(AlarmTopicArn=given)
    assert bool(stack.of_type("AWS::SNS::Topic")) is not bool(given)
    for alarm in alarms(stack).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [told]
        assert "InsufficientDataActions" not in alarm


@pytest.mark.parametrize(("given", "told"), [("", "${AlarmTopic}"), (TOPIC, TOPIC)])
def test_an_address_is_subscribed_to_that_topic(given: str, told: str) -> None:
    stack = Stack(AlarmEmail="on-call@example.com", AlarmTopicArn=given)
    assert stack.only(SUBSCRIPTION) == {
        "TopicArn": told,
        "Protocol": "email",
        "Endpoint": "on-call@example.com",
    }


def test_without_an_address_nobody_is_told() -> None:
    stack = Stack()
    assert alarms(stack)
    assert not stack.of_type(SUBSCRIPTION)


@pytest.mark.parametrize(("reserved", "watched"), [("", False), ("0", False), ("50", True)])
def test_concurrency_is_watched_where_it_can_run_out(reserved: str, watched: bool) -> None:
    found = alarms(Stack(ReservedConcurrency=reserved))
    assert ("Concurrency" in found) is watched


def test_missing_data_is_never_left_to_the_default() -> None:
    text = FILE.read_text(encoding="utf-8")
    argued = re.findall(r"# .*(?:\n +# .*)*\n +TreatMissingData: notBreaching\n", text)
    assert len(argued) == len(alarms(Stack(ReservedConcurrency="50")))
    assert text.count("TreatMissingData:") == len(argued)


@pytest.mark.parametrize("level", SOURCE["Parameters"]["LogLevel"]["AllowedValues"])
def test_no_log_level_drops_the_metrics(level: str) -> None:
    # Lambda gives a line without a level, such as one of metrics, the level INFO.
    assert level in {"DEBUG", "INFO"}


@pytest.mark.parametrize("reserved", ["", "50"])
def test_the_dashboard_shows_the_state_of_each_alarm(reserved: str) -> None:
    stack = Stack(ReservedConcurrency=reserved)
    (states,) = widgets(stack, "alarm").values()
    names = [f"${{{name}Alarm.Arn}}" for name in alarms(stack)]
    assert states["alarms"] == names


@pytest.mark.parametrize("created", ["true", "false"])
def test_the_dashboard_is_valid_with_and_without_the_workflow(created: str) -> None:
    shown = widgets(Stack(CreateStateMachine=created))["Workflow executions"]["metrics"]
    machine = {"true": "${IssueTokenWorkflow}", "false": "none"}[created]
    assert {row[-1] for row in shown} == {machine}


def test_the_dashboard_fits_its_grid() -> None:
    taken: set[tuple[int, int]] = set()
    body = json.loads(Stack().only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    for widget in body["widgets"]:
        columns = range(widget["x"], widget["x"] + widget["width"])
        rows = range(widget["y"], widget["y"] + widget["height"])
        cells = {(x, y) for x in columns for y in rows}
        assert max(columns) < 24
        assert not taken & cells
        taken |= cells
    assert taken == {(x, y) for x in range(24) for y in range(1 + max(y for _, y in taken))}


def test_sam_uploads_the_dashboards_file() -> None:
    uploaded: list[str] = []

    class Uploader:
        def upload_with_dedup(self, path: str) -> str:
            uploaded.append(path)
            return "s3://bucket/dashboard"

    properties = SOURCE["Resources"]["Dashboard"]["Properties"]
    node = dict(properties["DashboardBody"]["Fn::Transform"])
    node["Parameters"] = dict(node["Parameters"])
    sent = include_transform_export_handler(node, Uploader(), str(FILE.parent))
    assert sent["Parameters"] == {"Location": "s3://bucket/dashboard"}
    assert uploaded == [str(FILE.parent / "operations" / "dashboard.yaml")]


def test_what_is_included_has_intrinsic_functions_in_their_long_form_only() -> None:
    assert set(included("operations/dashboard.yaml")) == {"Fn::Sub"}
    text = (FILE.parent / "operations" / "dashboard.yaml").read_text(encoding="utf-8")
    assert not re.search(r"^[^#\"]*![A-Z]", text, re.MULTILINE)
