"""Alarms, dashboard and queries, joined with what the function emits in a real run."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from openid_token import telemetry
from openid_token.audit import Door
from openid_token.cognito import DEADLINE_SECONDS
from openid_token.errors import ANSWERS
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

if TYPE_CHECKING:
    from collections.abc import Callable

STACK = Stack(ReservedConcurrency="50", RefusalsPerFiveMinutes="5")
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


# The most that each can come to: Cognito's deadline ends a call, the reserve ends concurrency.
WORST = {
    of_function("Throttles"): 1,
    of_function("Duration"): DEADLINE_SECONDS * 1000,
    of_function("ConcurrentExecutions"): 50,
    of("ApiGateway", "4xx", "ApiId", "TokenApi"): 5,
}


def test_the_run_met_every_reason_and_every_door(run: Run) -> None:
    reasons = {record["reason"] for record in run.records if record["outcome"] == "refused"}
    assert reasons == {error.__name__ for error in ANSWERS}
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


def renamed(alarm: dict[str, Any]) -> None:
    alarm["MetricName"] = "Refusals"


def elsewhere(alarm: dict[str, Any]) -> None:
    alarm["Namespace"] = "OpenIdIssuer"


def more_exact(alarm: dict[str, Any]) -> None:
    alarm["Dimensions"].append({"Name": "door", "Value": "api"})


def misspelt(alarm: dict[str, Any]) -> None:
    alarm["Dimensions"][1]["Value"] = "InternalError"


def no_service(alarm: dict[str, Any]) -> None:
    del alarm["Dimensions"][0]


@pytest.mark.parametrize("change", [renamed, elsewhere, more_exact, misspelt, no_service])
def test_an_alarm_that_can_never_fire_is_found(
    change: Callable[[dict[str, Any]], None], run: Run
) -> None:
    alarm = deepcopy(ALARMS["InternalFailure"])
    change(alarm)
    assert never_emitted(watched(alarm), run.metrics, STACK)
    assert not fires(alarm, run.metrics)


@pytest.mark.parametrize(
    "dimensions",
    [{"FunctionName": "${TokenApi}"}, {"Function": "${IssueTokenFunction}"}, {}],
)
def test_so_is_one_on_a_metric_of_lambda(dimensions: dict[str, str], run: Run) -> None:
    alarm = deepcopy(ALARMS["Throttles"])
    alarm["Dimensions"] = [{"Name": n, "Value": v} for n, v in dimensions.items()]
    assert never_emitted(watched(alarm), run.metrics, STACK)


@pytest.mark.parametrize("name", sorted(ALARMS.keys() - LEARNED))
def test_an_alarm_fires_at_the_worst(name: str, run: Run) -> None:
    worst = {**WORST, **run.metrics, of_function("Errors"): run.errors}
    assert fires(ALARMS[name], worst)
    assert not fires(ALARMS[name], {})


def test_refusals_alone_are_no_errors_of_the_function(run: Run) -> None:
    crashed = 1
    without = {**run.metrics, of_function("Errors"): run.errors - crashed}
    assert run.errors > crashed
    assert not fires(ALARMS["FunctionErrors"], without)


def test_the_slowest_call_that_a_fault_can_make_is_slow_enough() -> None:
    slow = float(ALARMS["SlowRequests"]["Threshold"])
    timeout = STACK.only("AWS::Lambda::Function")["Timeout"]
    assert timeout * 1000 / 2 <= slow < DEADLINE_SECONDS * 1000


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
