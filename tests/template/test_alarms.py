"""Whom an alarm tells, what the dashboard says of the alarms, and how it gets into the stack."""

from __future__ import annotations

import json
import re

from openid_token.audit import Door
from tests.template.cloudformation import FILE, Stack, included
from tests.template.operations import alarms, shown, watched, widgets

SUBSCRIPTION = "AWS::SNS::Subscription"


def test_each_alarm_tells_one_topic_when_it_begins_and_ends() -> None:
    stack = Stack()
    assert stack.of_type("AWS::SNS::Topic")
    assert stack.outputs["AlarmTopicArn"]["Value"] == "${AlarmTopic}"
    for alarm in alarms(stack).values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["${AlarmTopic}"]
        assert "InsufficientDataActions" not in alarm
        assert alarm["TreatMissingData"] == "notBreaching"


def test_an_address_is_subscribed_to_that_topic() -> None:
    assert not Stack().of_type(SUBSCRIPTION)
    assert Stack(AlarmEmail="on-call@example.com").only(SUBSCRIPTION) == {
        "TopicArn": "${AlarmTopic}",
        "Protocol": "email",
        "Endpoint": "on-call@example.com",
    }


def test_no_two_alarms_watch_the_same() -> None:
    seen = [tuple(watched(alarm).values()) for alarm in alarms(Stack()).values()]
    assert len(set(seen)) == len(seen)


def test_the_dashboard_shows_the_state_of_each_alarm() -> None:
    (states,) = widgets(Stack(), "alarm").values()
    assert sorted(states["alarms"]) == sorted(f"${{{name}Alarm.Arn}}" for name in alarms(Stack()))


def test_the_dashboard_shows_each_door() -> None:
    metrics = shown(widgets(Stack())["Issued, by door"]).values()
    assert {dict(metric.dimensions)["door"] for metric in metrics} == set(Door)


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


def test_what_is_included_has_intrinsic_functions_in_their_long_form_only() -> None:
    assert set(included("operations/dashboard.yaml")) == {"Fn::Sub"}
    text = (FILE.parent / "operations" / "dashboard.yaml").read_text(encoding="utf-8")
    assert not re.search(r"^[^#\"]*![A-Z]", text, re.MULTILINE)
