"""What the function really emits: every case of the contract, and what else a page may speak of."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from aws_lambda_powertools.metrics.provider.cold_start import reset_cold_start_flag

from openid_token import telemetry
from tests.kit.builders import LOGIN, OTHER_POOL, PROVIDER, Json, arguments, http_event, sample
from tests.kit.cognito import Act, Cognito, issues
from tests.kit.contract import CASES
from tests.kit.doors import emitting, handler, invoke
from tests.kit.template import PSEUDO

LIMITS = {
    "allowed_login_providers": PROVIDER,
    "allowed_principal_tags": "department,tenant",
    "principal_tag_claims": "department=custom:department",
}
# Beside the contract's: an identity that was asked for, names that a limit refuses, and events
# that are nobody's.
OTHERS: tuple[Json, ...] = (
    *(sample("direct"), {"requestContext": {}}, arguments(identity_pool_id=OTHER_POOL)),
    arguments(logins={LOGIN: PROVIDER}, principal_tags={"legal": "department"}),
    http_event(route="POST /nowhere"),
)


class Metric(NamedTuple):
    """What CloudWatch tells a metric by."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


class Run(NamedTuple):
    """The log records and the metrics of some invocations; `errors` is what Lambda counts: a
    refusal that escapes, and a crash, which writes nothing."""

    records: list[Json]
    metrics: Counter[Metric]
    errors: int


def _events() -> Iterator[tuple[Any, Act]]:
    yield from ((case.event, case.act) for case in CASES)
    yield from ((event, issues) for event in OTHERS)


def run() -> Run:
    """Play all of it once."""
    cognito, crashed = Cognito(), 1
    function = handler(cognito, **LIMITS)
    reset_cold_start_flag()  # type: ignore[no-untyped-call]
    with emitting() as written, pytest.MonkeyPatch.context() as patch:
        patch.setenv("_X_AMZN_TRACE_ID", "Root=1-6745b2c0-3f1c2a9b5d7e8f0012345678;Sampled=1")
        patch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
        patch.setattr("botocore.retries.quota.RetryQuota.acquire", lambda *_: True)
        outcomes = []
        for event, act in _events():
            cognito.act = act
            outcomes.append(invoke(function, event))
    escaped = sum(bool(outcome.code) and outcome.status is None for outcome in outcomes)
    lines = [line for line in written().objects() if "_aws" in line]
    return Run(written().records, _counted(lines), escaped + crashed)


def _counted(lines: list[Json]) -> Counter[Metric]:
    total: Counter[Metric] = Counter()
    # As the template has it: the service is called as the stack, the function as its resource.
    names: Json = {str(telemetry.metrics.service): PSEUDO["AWS::StackName"]}
    names["openid-token"] = "${IssueTokenFunction}"
    for line in lines:
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        for dimensions in directive["Dimensions"]:
            pairs = frozenset((it, str(names.get(line[it], line[it]))) for it in dimensions)
            for metric in directive["Metrics"]:
                key = Metric(directive["Namespace"], metric["Name"], pairs)
                total[key] += sum(line[metric["Name"]])
    return total
