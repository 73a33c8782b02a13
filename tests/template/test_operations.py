"""Alarms, dashboard and queries, joined with what the function emits in a real run."""

import pytest

from tests.kit.template import Stack
from tests.template.emitting import Metric, run
from tests.template.operations import (
    DOCUMENTED,
    NAMESPACE,
    alarms,
    asked,
    discovered,
    fires,
    shown,
    watched,
    widgets,
)

STACK = Stack()
TIMEOUT_MILLISECONDS = STACK.only("AWS::Lambda::Function")["Timeout"] * 1000
ALARMS = alarms(STACK)
LEARNED = {"TokensIssued"}
WIDGETS = widgets(STACK)
QUERIES = {
    **{q["Name"]: q["QueryString"] for q in STACK.of_type("AWS::Logs::QueryDefinition").values()},
    **{title: widget["query"] for title, widget in widgets(STACK, "log").items()},
}


def of_function(name: str) -> Metric:
    return Metric("AWS/Lambda", name, frozenset({("FunctionName", "${IssueTokenFunction}")}))


MANY = 50
REFUSED = Metric(NAMESPACE, "RequestsRefused", frozenset({("service", "issuer")}))
# What goes wrong, each as bad as it can be or as often as is too much.
WORST = {
    of_function("Throttles"): 1,
    of_function("Duration"): TIMEOUT_MILLISECONDS,
    Metric("AWS/ApiGateway", "4xx", frozenset({("ApiId", "${TokenApi}")})): MANY,
    REFUSED: MANY,
}


@pytest.mark.parametrize(
    "metrics",
    [*map(watched, ALARMS.values()), *map(shown, WIDGETS.values())],
    ids=[*ALARMS, *WIDGETS],
)
def test_what_is_watched_and_shown_is_emitted(metrics: dict[str, Metric]) -> None:
    assert set() < set(metrics.values()) <= DOCUMENTED | run().metrics.keys()


@pytest.mark.parametrize("name", sorted(ALARMS.keys() - LEARNED))
def test_an_alarm_fires_at_the_worst(name: str) -> None:
    # Lambda counts what escapes, and a crash, which writes nothing.
    worst = {**run().metrics, **WORST, of_function("Errors"): len(run().escaped) + 1}
    assert fires(ALARMS[name], worst)
    assert not fires(ALARMS[name], {})


def test_refusals_alone_are_no_errors_of_the_function() -> None:
    assert run().escaped
    assert not fires(
        ALARMS["FunctionErrors"], {**run().metrics, of_function("Errors"): len(run().escaped)}
    )


def test_few_refusals_are_no_news_and_a_slow_call_is() -> None:
    assert not fires(ALARMS["RequestsRefused"], {REFUSED: MANY - 1})
    assert fires(ALARMS["SlowRequests"], {of_function("Duration"): TIMEOUT_MILLISECONDS / 2})


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
        for *_, options in widget["metrics"]:
            if "expression" in options:
                eval(options["expression"], {}, dict.fromkeys(shown(widget), 1))


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_reads_fields_that_a_record_has(name: str) -> None:
    fields = {field for record in run().records for field in discovered(record)}
    assert len(asked(QUERIES[name])) > 3
    assert asked(QUERIES[name]) <= fields | {"@timestamp"}


def test_the_queries_are_for_the_functions_log() -> None:
    group = STACK.only("AWS::Lambda::Function")["LoggingConfig"]["LogGroup"]
    definitions = STACK.of_type("AWS::Logs::QueryDefinition").values()
    assert len(definitions) == 3
    assert all(each["LogGroupNames"] == [group] for each in definitions)
    (widget,) = widgets(STACK, "log").values()
    assert widget["query"].startswith(f"SOURCE '{group}' ")


def test_each_alarm_tells_one_topic_when_it_begins_and_ends() -> None:
    assert STACK.of_type("AWS::SNS::Topic")
    assert STACK.outputs["AlarmTopicArn"]["Value"] == "${AlarmTopic}"
    for alarm in ALARMS.values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == ["${AlarmTopic}"]
        assert "InsufficientDataActions" not in alarm
        assert alarm["TreatMissingData"] == "notBreaching"


def test_an_address_is_subscribed_to_that_topic() -> None:
    assert not Stack().of_type("AWS::SNS::Subscription")
    assert Stack(AlarmEmail="on-call@example.com").only("AWS::SNS::Subscription") == {
        "TopicArn": "${AlarmTopic}",
        "Protocol": "email",
        "Endpoint": "on-call@example.com",
    }


def test_the_dashboard_shows_the_state_of_each_alarm() -> None:
    (states,) = widgets(STACK, "alarm").values()
    assert sorted(states["alarms"]) == sorted(f"${{{name}Alarm.Arn}}" for name in ALARMS)


@pytest.mark.parametrize(
    ("title", "dimension"), [("Issued, by door", "door"), ("Refused, by reason", "reason")]
)
def test_the_dashboard_shows_each(title: str, dimension: str) -> None:
    metrics = shown(WIDGETS[title]).values()
    met = {record[dimension] for record in run().records if dimension in record}
    assert {dict(metric.dimensions)[dimension] for metric in metrics} == met
