"""Which door an event is for, and what a direct caller gets."""

import traceback

import pytest

from openid_token.errors import InternalFailure
from tests import builders
from tests.builders import (
    EXECUTION,
    IDENTITY,
    POOL,
    Json,
    arguments,
    http_event,
    rest_event,
)
from tests.doors import BACKEND_DOORS, handler, invoke
from tests.emitted import emitted, run
from tests.fakes import FakeCognito

# "Names" in the Step Functions API reference.
NAMES = ("backend@host+(1)", "größe", "a=b'c!-._", "n" * 80)
FORBIDDEN = ' \u00a0\n<>{}[]?*"#%\\^|~`$&,;/\x00\x1f\x7f\x9f\ud800\ufffe\uffff\U0010ffff'
STATES = "arn:aws:states:eu-central-1:123456789012"


@pytest.mark.parametrize(
    "execution",
    [
        EXECUTION,
        "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:issue:x",
        "arn:aws-cn:states:cn-north-1:123456789012:express:a:b:c",
        *(f"{STATES}:execution:issue:{name}" for name in NAMES),
        f"{STATES}:express:{'n' * 80}/{'n' * 80}:{'n' * 80}:{'n' * 80}",
    ],
)
def test_a_task_of_step_functions_is_noted(execution: str) -> None:
    cognito = FakeCognito()
    with emitted() as output:
        outcome = invoke(handler(cognito), arguments(execution_id=execution))

    assert "execution_id" not in {**(outcome.result or {}), **cognito.requests[0]}
    assert output.record["execution_id"] == execution


@pytest.mark.parametrize(
    "execution",
    [
        *("", "order-1", 0, False, [EXECUTION], {}, EXECUTION + "x" * 80),
        EXECUTION.replace("1234", "\u0661234"),
        EXECUTION.replace("states", "lambda"),
        *(EXECUTION + forbidden for forbidden in FORBIDDEN),
    ],
    ids=ascii,
)
def test_a_malformed_execution_id_is_refused_and_not_noted(execution: object) -> None:
    record = run(arguments(execution_id=execution)).record

    assert record["reason"] == "InvalidParameterException"
    assert record["invalid_arguments"] == ["execution_id"]
    assert record["door"] == "step_functions"
    assert "execution_id" not in record


@pytest.mark.parametrize("execution", [EXECUTION, "", None], ids=repr)
@pytest.mark.parametrize("event", [http_event(), rest_event()], ids=["2.0", "1.0"])
def test_an_event_that_names_its_execution_is_never_of_an_api(
    event: Json, execution: object
) -> None:
    cognito = FakeCognito()
    record = run(event | {"execution_id": execution}, cognito).record

    assert record["door"] == ("direct" if execution is None else "step_functions")
    assert record["reason"] == "InvalidParameterException"
    assert "caller" not in record
    assert not cognito.requests
    # It escapes to the workflow, past no `Catch`.
    assert invoke(handler(), event | {"execution_id": execution}).status is None


@pytest.mark.parametrize("door", ["direct", "step functions"])
def test_identity_only_leaves_the_token_out(door: str) -> None:
    cognito = FakeCognito()
    given = arguments(identity_only=True, token_duration=600, principal_tags={"a": "b"})
    with emitted() as output:
        outcome = invoke(handler(cognito), BACKEND_DOORS[door](given))

    assert outcome.result == {"identity_pool_id": POOL, "identity_id": IDENTITY}
    # Nobody will use that token.
    assert cognito.requests[0]["TokenDuration"] == 1
    assert (output.record["outcome"], output.record["identity_only"]) == ("identified", True)


@pytest.mark.parametrize("value", [False, None])
def test_the_keys_of_the_door_may_be_left_out(value: object) -> None:
    record = run(arguments(identity_only=value, execution_id=None)).record

    assert (record["door"], record["outcome"]) == ("direct", "issued")
    assert "identity_only" not in record


def test_identity_only_widens_no_limit() -> None:
    given = arguments(identity_only=True, token_duration=86_400)

    assert invoke(handler(), given | {"logins": {"": "x"}}).code == "InvalidParameterException"
    limits = builders.settings(max_token_duration="60")
    assert invoke(handler(settings=limits), given).code == "AccessDeniedException"


@pytest.mark.parametrize("value", [1, 0, "true", "", [], {}], ids=repr)
def test_identity_only_is_not_coerced(value: object) -> None:
    outcome = invoke(handler(), arguments(identity_only=value, execution_id="x"))

    assert outcome.invalid == ("execution_id", "identity_only")
    assert outcome.detail.endswith("identity_only must be true or false")


@pytest.mark.parametrize("event", [None, "", 0, True, [arguments()], "requestContext"], ids=repr)
def test_an_event_that_is_no_object_is_refused(event: object) -> None:
    outcome = invoke(handler(), event)

    assert outcome.code == "InvalidParameterException"
    assert outcome.detail == "the event must be a JSON object"


@pytest.mark.parametrize(
    "event",
    [
        {"Records": [{"eventSource": "aws:sqs", "body": "{}"}]},
        {"version": "2.0", "requestContext": {"http": {"method": "POST"}}},
        {"requestContext": {"routeKey": "$default", "connectionId": "x", "stage": "p"}},
    ],
    ids=["SQS", "Lambda authorizer", "WebSocket"],
)
def test_events_of_other_services_are_refused(event: object) -> None:
    outcome = invoke(handler(), event)

    assert (outcome.code, outcome.status) == ("InvalidParameterException", None)


def test_a_bug_escapes_as_an_internal_failure_that_shows_nothing() -> None:
    function = handler(FakeCognito(error=ZeroDivisionError("canary-5d1f-user")))

    with pytest.raises(InternalFailure) as raised:
        function(arguments(), builders.lambda_context())
    shown = "".join(traceback.format_exception(raised.value))
    assert not [word for word in ("canary", "ZeroDivision", "cognito.py") if word in shown]
    # This one and the handler's own: the runtime client shows the latter to the caller.
    assert len(traceback.extract_tb(raised.value.__traceback__)) == 2


def test_the_doors_agree_on_good_input() -> None:
    given = arguments(principal_tags={"a": "b"}, token_duration=60, identity_id=IDENTITY)
    cognito = FakeCognito()
    results = [invoke(handler(cognito), door(given)).result for door in BACKEND_DOORS.values()]

    assert all(result and given.items() <= result.items() for result in results)
    assert cognito.requests == [cognito.requests[0]] * len(BACKEND_DOORS)
