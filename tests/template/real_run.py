"""What the built function really emits: decisions of each kind, in the real runtime client."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.builders import (
    IDENTITY,
    LOGIN,
    OTHER_POOL,
    PROVIDER,
    Json,
    arguments,
    http_event,
    rest_event,
    sample,
    user_http_event,
)
from tests.cognito import answers, at_exchange, error
from tests.runtime import sites
from tests.runtime.emulation import deployed, written
from tests.template.cloudformation import PSEUDO
from tests.workflow.scripted_cognito import crash
from tools.environment import FUNCTION_NAME, EmulationError, Environment

ISSUED = (
    arguments(identity_id=IDENTITY, principal_tags={"department": "legal"}),
    sample("step-functions"),
    http_event(),
    rest_event(),
    user_http_event(),
    sample("user-credentials"),
    arguments(identity_only=True),
    {**sample("step-functions"), "identity_only": True},
)
REFUSED: tuple[Json, ...] = (
    {},
    arguments(identity_pool_id=OTHER_POOL),
    arguments(logins={LOGIN: PROVIDER}, principal_tags={"legal": "department"}),
    {"execution_id": 5},
    {"requestContext": {}},
    http_event("{"),
    http_event(authorizer=None),
    http_event(route="POST /nowhere"),
    user_http_event(arguments()),
    {**sample("user-credentials"), "rawQueryString": "a=b", "queryStringParameters": {"a": "b"}},
)
# What Cognito answers, for a reason of its own each.
FAULTS = (
    error("NotAuthorizedException"),
    error("ResourceNotFoundException"),
    error("ResourceConflictException"),
    error("DeveloperUserAlreadyRegisteredException"),
    error("TooManyRequestsException"),
    error("InternalErrorException", 500),
    answers(200, b"[]"),
    error("AccessDeniedException"),
)


class Metric(NamedTuple):
    """What CloudWatch tells a metric by."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Run:
    """The log records and the metrics of some invocations; `errors` is Lambda's own count."""

    records: list[Json]
    metrics: Counter[Metric]
    errors: int


def run(package: Path, scratch: Path) -> Run:
    """Issue and refuse at each door, meet each of Cognito's faults, and crash at the end."""
    named = {
        "POWERTOOLS_SERVICE_NAME": PSEUDO["AWS::StackName"],
        "ALLOWED_LOGIN_PROVIDERS": PROVIDER,
        "ALLOWED_PRINCIPAL_TAGS": "department,tenant",
    }
    with (
        sites.reachable(package, scratch) as site,
        deployed(package, site.url, named) as function,
    ):
        errors = sum(_failed(function, event) for event in (*ISSUED, *REFUSED))
        for act in FAULTS:
            site.endpoint.act = act
            errors += _failed(function, arguments())
        site.endpoint.act = at_exchange(error("NotAuthorizedException"))
        errors += _failed(function, sample("user-credentials"))
        site.endpoint.act = crash(function)
        errors += _failed(function, arguments())
        output = written(function.logs())
    records = [record for record in output.records if "door" in record]
    return Run(records, _counted(output.metrics), errors)


def _failed(function: Environment, event: Any) -> bool:
    try:
        return function.invoke(event).error_type is not None
    except EmulationError:
        return True


def _counted(lines: list[Json]) -> Counter[Metric]:
    # The function is called what its resource is called.
    names = {FUNCTION_NAME: "${IssueTokenFunction}"}
    total: Counter[Metric] = Counter()
    for line in lines:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        for dimensions in directive["Dimensions"]:
            pairs = frozenset(
                (each, names.get(str(line[each]), str(line[each]))) for each in dimensions
            )
            for metric in directive["Metrics"]:
                key = Metric(directive["Namespace"], metric["Name"], frozenset(pairs))
                total[key] += sum(line[metric["Name"]])
    return total
