"""Alarms, dashboard and queries, joined with what the function emits in a real run."""

from __future__ import annotations

from typing import Any

import pytest

from openid_token import telemetry
from openid_token.audit import Door
from openid_token.errors import TokenIssuerError
from tests.template.cloudformation import Stack
from tests.template.operations import (
    NAMESPACE,
    alarms,
    asked,
    discovered,
    expressions,
    fires,
    never_emitted,
    shown,
    watched,
    widgets,
)
from tests.template.real_run import Metric, Run

STACK = Stack()
TIMEOUT_MILLISECONDS = STACK.only("AWS::Lambda::Function")["Timeout"] * 1000
ALARMS = alarms(STACK)
LEARNED = {"TokensIssued"}
WIDGETS = widgets(STACK)
QUERIES = {
    **{q["Name"]: q["QueryString"] for q in STACK.of_type("AWS::Logs::QueryDefinition").values()},
    **{title: widget["query"] for title, widget in widgets(STACK, "log").items()},
}


def of(service: str, name: str, dimension: str, resource: str) -> Metric:
    return Metric(f"AWS/{service}", name, frozenset({(dimension, f"${{{resource}}}")}))


def of_function(name: str) -> Metric:
    return of("Lambda", name, "FunctionName", "IssueTokenFunction")


MANY = 50
REFUSED = Metric(NAMESPACE, "RequestsRefused", frozenset({("service", "issuer")}))
# What goes wrong, each as bad as it can be or as often as is too much.
WORST = {
    of_function("Throttles"): 1,
    of_function("Duration"): TIMEOUT_MILLISECONDS,
    of("ApiGateway", "4xx", "ApiId", "TokenApi"): MANY,
    REFUSED: MANY,
}


def test_the_run_met_every_reason_and_every_door(run: Run) -> None:
    reasons = {record["reason"] for record in run.records if record["outcome"] == "refused"}
    assert reasons == {error.__name__ for error in TokenIssuerError.__subclasses__()}
    assert {record["door"] for record in run.records} == set(Door)
    assert telemetry.NAMESPACE == NAMESPACE


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_watches_what_is_emitted(name: str, run: Run) -> None:
    assert watched(ALARMS[name])
    assert not never_emitted(watched(ALARMS[name]), run.metrics, STACK)


@pytest.mark.parametrize("title", WIDGETS)
def test_a_widget_shows_what_is_emitted(title: str, run: Run) -> None:
    assert shown(WIDGETS[title])
    assert not never_emitted(shown(WIDGETS[title]), run.metrics, STACK)


SERVICE, REASON = ALARMS["InternalFailure"]["Dimensions"]
API = {"Name": "FunctionName", "Value": "${TokenApi}"}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("InternalFailure", {"MetricName": "Refusals"}),
        ("InternalFailure", {"Namespace": "OpenIdIssuer"}),
        ("InternalFailure", {"Dimensions": [SERVICE, REASON, {"Name": "door", "Value": "api"}]}),
        ("InternalFailure", {"Dimensions": [SERVICE, {"Name": "reason", "Value": "Internal"}]}),
        ("InternalFailure", {"Dimensions": [REASON]}),
        ("Throttles", {"Dimensions": [API]}),
        ("Throttles", {"Dimensions": []}),
    ],
)
def test_an_alarm_that_can_never_fire_is_found(name: str, change: dict[str, Any], run: Run) -> None:
    alarm = ALARMS[name] | change
    assert never_emitted(watched(alarm), run.metrics, STACK)
    assert not fires(alarm, run.metrics)


@pytest.mark.parametrize("name", sorted(ALARMS.keys() - LEARNED))
def test_an_alarm_fires_at_the_worst(name: str, run: Run) -> None:
    worst = {**run.metrics, **WORST, of_function("Errors"): run.errors}
    assert fires(ALARMS[name], worst)
    assert not fires(ALARMS[name], {})


def test_refusals_alone_are_no_errors_of_the_function(run: Run) -> None:
    crashed = 1
    without = {**run.metrics, of_function("Errors"): run.errors - crashed}
    assert run.errors > crashed
    assert not fires(ALARMS["FunctionErrors"], without)


def test_a_slow_call_is_found_before_the_timeout_ends_it() -> None:
    assert float(ALARMS["SlowRequests"]["Threshold"]) == TIMEOUT_MILLISECONDS / 2


def test_few_refusals_are_no_news() -> None:
    assert not fires(ALARMS["RequestsRefused"], {REFUSED: MANY - 1})


def test_tokens_are_compared_with_what_is_usual() -> None:
    alarm = ALARMS["TokensIssued"]
    band = next(query for query in alarm["Metrics"] if "Expression" in query)
    assert alarm["ThresholdMetricId"] == band["Id"]
    assert band["Expression"].startswith(f"ANOMALY_DETECTION_BAND({next(iter(watched(alarm)))}")
    assert alarm["ComparisonOperator"] == "GreaterThanUpperThreshold"
    detector = STACK.only("AWS::CloudWatch::AnomalyDetector")["SingleMetricAnomalyDetector"]
    (query,) = (query["MetricStat"] for query in alarm["Metrics"] if "MetricStat" in query)
    assert detector == {**query["Metric"], "Stat": query["Stat"]}


def test_a_widgets_arithmetic_names_its_own_metrics() -> None:
    for widget in WIDGETS.values():
        for formula in expressions(widget):
            eval(formula, {}, dict.fromkeys(shown(widget), 1))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_reads_fields_that_a_record_has(name: str, run: Run) -> None:
    fields = {field for record in run.records for field in discovered(record)}
    assert len(asked(QUERIES[name])) > 3
    assert asked(QUERIES[name]) <= fields | {"@timestamp"}


def test_a_field_that_no_record_has_is_found() -> None:
    query = 'fields @timestamp, user # who\n| filter outcome = "a b" and ispresent(nobody.0)'
    assert asked(query) == {"@timestamp", "user", "outcome", "nobody.0"}


def test_the_queries_are_for_the_functions_log() -> None:
    group = STACK.only("AWS::Lambda::Function")["LoggingConfig"]["LogGroup"]
    definitions = STACK.of_type("AWS::Logs::QueryDefinition").values()
    assert len(definitions) == 3
    assert all(each["LogGroupNames"] == [group] for each in definitions)
    (widget,) = widgets(STACK, "log").values()
    assert widget["query"].startswith(f"SOURCE '{group}' ")
