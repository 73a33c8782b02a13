"""What the function really emits: every case of the contract, and what else a page may speak of."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest
from aws_lambda_powertools.metrics.provider.cold_start import reset_cold_start_flag

from openid_token import telemetry
from tests.kit.acts import EXCHANGE, issues
from tests.kit.builders import LOGIN, PROVIDER, Json, arguments, sample
from tests.kit.cognito import retrying_at_once
from tests.kit.contract import CASES
from tests.kit.doors import play
from tests.kit.template import PSEUDO

LIMITS = {
    "allowed_login_providers": PROVIDER,
    "allowed_principal_tags": "department,tenant",
    "principal_tag_claims": "department=custom:department",
}
# Beside the contract's: an identity that was asked for, an event that is nobody's, and names that a
# limit refuses.
OTHERS: tuple[Json, ...] = (
    *(sample("direct"), {"requestContext": {}}),
    arguments(logins={LOGIN: PROVIDER}, principal_tags={"legal": "department"}),
)
EVENTS = [*((case.event, case.act) for case in CASES), *((event, issues) for event in OTHERS)]


class Metric(NamedTuple):
    """What CloudWatch tells a metric by."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]


class Run(NamedTuple):
    """The log records and the metrics of some invocations; `issued` are the requests for which
    Cognito issued a token, and `escaped` are those that got an error and no answer."""

    records: list[Json]
    metrics: Counter[Metric]
    issued: set[str]
    escaped: set[str]


@cache
def run() -> Run:
    """Play all of it once, since it takes some seconds."""
    run = Run([], Counter(), set(), set())
    reset_cold_start_flag()  # type: ignore[no-untyped-call]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("_X_AMZN_TRACE_ID", "Root=1-6745b2c0-3f1c2a9b5d7e8f0012345678;Sampled=1")
        retrying_at_once(patch)
        for event, act in EVENTS:
            outcome, written, cognito = play(event, act, **LIMITS)
            request = written.record["function_request_id"]
            run.records.append(written.record)
            run.metrics.update(_counted(written.objects()))
            # Only a token is exchanged, whatever comes of that.
            if outcome.result or cognito.asked(EXCHANGE):
                run.issued.add(request)
            if outcome.code and outcome.status is None:
                run.escaped.add(request)
    return run


def _counted(lines: Iterator[Json]) -> Counter[Metric]:
    total: Counter[Metric] = Counter()
    # As the template has it: the service is called as the stack, the function as its resource.
    names: Json = {str(telemetry.metrics.service): PSEUDO["AWS::StackName"]}
    names["openid-token"] = "${IssueTokenFunction}"
    for line in (line for line in lines if "_aws" in line):
        (directive,) = line["_aws"]["CloudWatchMetrics"]
        for dimensions in directive["Dimensions"]:
            pairs = frozenset((it, str(names.get(line[it], line[it]))) for it in dimensions)
            for metric in directive["Metrics"]:
                key = Metric(directive["Namespace"], metric["Name"], pairs)
                total[key] += sum(line[metric["Name"]])
    return total
