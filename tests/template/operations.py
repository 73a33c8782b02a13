"""What the stack watches: the metrics of its alarms and widgets, and when an alarm fires."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.kit.builders import Json
from tests.kit.template import Stack
from tests.template.emitting import Metric

NAMESPACE: Final = "OpenIdTokenIssuer"
# What AWS's own services emit for a resource of ours, by its one dimension:
# https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
# https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
_DOCUMENTED: Final = {
    ("AWS/Lambda", "FunctionName", "${IssueTokenFunction}"): (
        *("Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"),
    ),
    ("AWS/ApiGateway", "ApiId", "${TokenApi}"): (
        *("Count", "4xx", "5xx", "Latency", "IntegrationLatency"),
    ),
    ("AWS/States", "StateMachineArn", "${IssueTokenWorkflow}"): (
        *("ExecutionsStarted", "ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut"),
    ),
}
DOCUMENTED: Final = {
    Metric(namespace, name, frozenset({(dimension, resource)}))
    for (namespace, dimension, resource), names in _DOCUMENTED.items()
    for name in names
}
_INSIGHTS: Final = {
    *("fields", "filter", "sort", "limit", "desc", "and", "or", "in", "ispresent", "coalesce"),
}


def alarms(stack: Stack) -> dict[str, Json]:
    """The alarms by the names that the documentation gives them."""
    found = stack.of_type("AWS::CloudWatch::Alarm")
    return {name.removesuffix("Alarm"): properties for name, properties in found.items()}


def widgets(stack: Stack, kind: str = "metric") -> dict[str, Json]:
    """The properties of the dashboard's widgets, by title."""
    body = json.loads(stack.only("AWS::CloudWatch::Dashboard")["DashboardBody"])
    found = [each["properties"] for each in body["widgets"] if each["type"] == kind]
    return {properties.get("title", kind): properties for properties in found}


def watched(alarm: Json) -> dict[str, Metric]:
    """The metrics of an alarm, by their ids."""
    queries = alarm.get("Metrics", [{"Id": "it", "MetricStat": {"Metric": alarm}}])
    return {
        query["Id"]: _metric(query["MetricStat"]["Metric"])
        for query in queries
        if "MetricStat" in query
    }


def _metric(described: Mapping[str, Any]) -> Metric:
    dimensions = frozenset((each["Name"], each["Value"]) for each in described["Dimensions"])
    return Metric(described["Namespace"], described["MetricName"], dimensions)


def shown(widget: Json) -> dict[str, Metric]:
    """The metrics of a widget, by their ids or their places."""
    found = {}
    for place, row in enumerate(widget["metrics"]):
        options = row[-1] if isinstance(row[-1], dict) else {}
        if "expression" not in options:
            namespace, name, *rest = [each for each in row if isinstance(each, str)]
            pairs = frozenset(zip(rest[::2], rest[1::2], strict=True))
            found[options.get("id", str(place))] = Metric(namespace, name, pairs)
    return found


def fires(alarm: Json, values: Mapping[Metric, float]) -> bool:
    """Whether these values, where a missing one is 0, breach the alarm's threshold."""
    metrics = {name: values.get(metric, 0) for name, metric in watched(alarm).items()}
    queries = alarm.get("Metrics", [])
    (formula,) = [each["Expression"] for each in queries if "Expression" in each] or metrics
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    return bool(eval(formula, {}, metrics) >= float(alarm["Threshold"]))


def asked(query: str) -> set[str]:
    """The log fields that a CloudWatch Logs Insights query reads."""
    text = re.sub(r"#.*|\"[^\"]*\"|SOURCE '[^']*'|\bas \w+", "", query)
    return set(re.findall(r"@?\b[a-z_][\w.]*", text)) - _INSIGHTS


def discovered(record: Mapping[str, Any]) -> Iterator[str]:
    """The fields that Logs Insights finds in a record: the items of a list have their index."""
    for name, value in record.items():
        if isinstance(value, list):
            yield from (f"{name}.{index}" for index in range(len(value)))
        else:
            yield name
