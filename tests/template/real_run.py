"""What the built function really emits: decisions of each kind, in the real runtime client."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_httpserver import HTTPServer

from tests.builders import (
    IDENTITY,
    OTHER_POOL,
    Json,
    arguments,
    http_event,
    rest_event,
    sample,
    token,
    user_http_event,
)
from tests.cognito import error, serves
from tests.runtime.emulation import deployed, written
from tests.template.cloudformation import PSEUDO
from tests.workflow.scripted_cognito import ScriptedCognito, crash, garbage
from tools.local.runtime import client as runtime
from tools.local.runtime.environment import EmulationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.cognito import Act
    from tools.local.runtime.emulator import Emulated

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
    {"execution_id": 5},
    {"requestContext": {}},
    http_event("{"),
    http_event(authorizer=None),
    http_event(route="POST /nowhere"),
    user_http_event(arguments()),
    {**sample("user-credentials"), "rawQueryString": "a=b", "queryStringParameters": {"a": "b"}},
)
# What Cognito answers, for a reason of its own each. botocore tries three times after some.
FAULTS: tuple[tuple[Act, int], ...] = (
    (error("NotAuthorizedException"), 1),
    (error("ResourceNotFoundException"), 1),
    (error("ResourceConflictException"), 1),
    (error("DeveloperUserAlreadyRegisteredException"), 1),
    (error("TooManyRequestsException"), 3),
    (error("InternalErrorException", 500), 3),
    (garbage, 1),
    (error("AccessDeniedException"), 1),
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


def run(package: Path) -> Run:
    """Issue and refuse at each door, meet each of Cognito's faults, and crash at the end."""
    cognito = ScriptedCognito()
    named = {"POWERTOOLS_SERVICE_NAME": PSEUDO["AWS::StackName"]}
    with HTTPServer(threaded=True) as server:
        server.expect_request("/").respond_with_handler(cognito)
        with deployed(package, server.url_for(""), named) as function:
            errors = sum(_failed(function, event) for event in (*ISSUED, *REFUSED))
            for reply, attempts in FAULTS:
                cognito.script.extend([reply] * attempts)
                errors += _failed(function, arguments())
            # A token that the exchange does not take.
            cognito.script.append(serves(token(sub="another")))
            errors += _failed(function, sample("user-credentials"))
            cognito.script.append(crash(function))
            errors += _failed(function, arguments())
            output = written(function)
    records = [record for record in output.records if "door" in record]
    return Run(records, Counter(dict(_counted(output.metrics))), errors)


def _failed(function: Emulated, event: Any) -> bool:
    try:
        return function.invoke(event).error_type is not None
    except EmulationError:
        return True


def _counted(lines: Iterable[Json]) -> Iterable[tuple[Metric, float]]:
    total: Counter[Metric] = Counter()
    for line in lines:
        for directive in line["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, _deployed(line[name])) for name in names)
                for metric in directive["Metrics"]:
                    key = Metric(directive["Namespace"], metric["Name"], dimensions)
                    total[key] += sum(line[metric["Name"]])
    return total.items()


def _deployed(value: str) -> str:
    """The function is called what its resource is called."""
    return "${IssueTokenFunction}" if value == runtime.FUNCTION_NAME else value
