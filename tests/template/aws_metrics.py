"""The metrics of AWS's own services that we use, as their documentation has them.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tests.template.cloudformation import Stack
    from tests.template.real_run import Metric

# Of each namespace: the one dimension with all calls of one resource, that resource's type, and
# the names.
_METRICS: Final = {
    "AWS/Lambda": (
        ("FunctionName", "AWS::Lambda::Function"),
        "Invocations Errors Throttles Duration ConcurrentExecutions",
    ),
    "AWS/ApiGateway": (
        ("ApiId", "AWS::ApiGatewayV2::Api"),
        "Count 4xx 5xx Latency IntegrationLatency",
    ),
    "AWS/States": (
        ("StateMachineArn", "AWS::StepFunctions::StateMachine"),
        "ExecutionsStarted ExecutionsSucceeded ExecutionsFailed ExecutionsTimedOut",
    ),
}


def documented(metric: Metric, stack: Stack) -> bool:
    """Whether a service emits this for a resource of the stack."""
    if metric.namespace not in _METRICS:
        return False
    (name, resource_type), names = _METRICS[metric.namespace]
    resources = [f"${{{resource}}}" for resource in stack.of_type(resource_type)]
    known = metric.name in names.split()
    return known and any(metric.dimensions == {(name, resource)} for resource in resources)
