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

_NAMES: Final = {
    "AWS/Lambda": {"Invocations", "Errors", "Throttles", "Duration", "ConcurrentExecutions"},
    "AWS/ApiGateway": {"Count", "4xx", "5xx", "Latency", "IntegrationLatency"},
    "AWS/States": {
        "ExecutionsStarted",
        "ExecutionsSucceeded",
        "ExecutionsFailed",
        "ExecutionsTimedOut",
    },
}
# The one dimension with all calls of one resource, and the type of that resource.
_DIMENSIONS: Final = {
    "AWS/Lambda": ("FunctionName", "AWS::Lambda::Function"),
    "AWS/ApiGateway": ("ApiId", "AWS::ApiGatewayV2::Api"),
    "AWS/States": ("StateMachineArn", "AWS::StepFunctions::StateMachine"),
}


def documented(metric: Metric, stack: Stack) -> bool:
    """Whether a service emits this for a resource of the stack."""
    if metric.name not in _NAMES.get(metric.namespace, ()):
        return False
    name, resource_type = _DIMENSIONS[metric.namespace]
    resources = [f"${{{resource}}}" for resource in stack.of_type(resource_type)]
    return any(metric.dimensions == {(name, resource)} for resource in resources)
