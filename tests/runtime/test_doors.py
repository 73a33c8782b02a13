"""Every door of the built package, as the real runtime client serves it."""

import json

import pytest

from tests.builders import (
    LOGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    arguments,
    http_event,
    sample,
    user_http_event,
)
from tests.cognito import EXCHANGE, ISSUE, Endpoint, error, identity_of, operation, token_of
from tests.doors import DOOR_OF_SAMPLE
from tests.fakes import CREDENTIALS
from tests.runtime.emulation import ask, written
from tools.environment import new_trace_id
from tools.runtime_api.process import RuntimeProcess

IDENTITY = identity_of({PROVIDER: LOGIN})
SDK_CREDENTIALS = {
    "AccessKeyId": CREDENTIALS["AccessKeyId"],
    "SecretAccessKey": CREDENTIALS["SecretKey"],
    "Token": CREDENTIALS["SessionToken"],
    "Expiration": "2026-11-26T12:36:32Z",
    "IdentityId": IDENTITY,
}


@pytest.mark.parametrize(("name", "door"), DOOR_OF_SAMPLE.items())
def test_each_sample_gets_a_token(function: RuntimeProcess, name: str, door: str) -> None:
    before, event = len(function.logs()), sample(name)
    outcome = ask(function, event)
    [record] = written(function.logs()[before:]).records

    assert outcome.status == (None if door in {"direct", "step_functions"} else 200)
    assert (record["outcome"], record["door"]) == ("issued", door)
    assert record["identity_id"] == IDENTITY
    assert outcome.result is not None
    if door == "user_credentials":
        assert outcome.result == SDK_CREDENTIALS
        assert record["access_key_id"] == SDK_CREDENTIALS["AccessKeyId"]
        return
    given = json.loads(event["body"]) if "body" in event else event
    good = {"identity_pool_id": POOL, "identity_id": IDENTITY, "logins": {PROVIDER: LOGIN}}
    duration = given.get("token_duration", 900)
    assert {
        **good,
        "token": token_of({PROVIDER: LOGIN}),
        "token_duration": duration,
    }.items() <= outcome.result.items()


def test_cognito_gets_the_request_signed_and_complete(
    function: RuntimeProcess, cognito: Endpoint
) -> None:
    ask(function, sample("direct"))

    [request] = cognito.requests
    assert operation(request) == ISSUE
    assert "/eu-central-1/cognito-identity/aws4_request" in request.headers["Authorization"]
    camel = {"".join(map(str.title, n.split("_"))): v for n, v in sample("direct").items()}
    assert json.loads(request.get_data()) == camel


def test_cognito_exchanges_a_token_of_a_minute_unsigned(
    function: RuntimeProcess, cognito: Endpoint
) -> None:
    ask(function, sample("user-credentials"))

    issue, exchange = cognito.requests
    assert json.loads(issue.get_data())["TokenDuration"] == 60
    assert operation(exchange) == EXCHANGE
    assert "Authorization" not in exchange.headers


def test_the_runtime_client_reports_the_class_and_no_more(
    function: RuntimeProcess, cognito: Endpoint
) -> None:
    said = "User: arn:aws:sts::1:role/x is not authorized"
    cognito.act = error("AccessDeniedException", message=said)
    answer = function.invoke(arguments())

    assert answer.error_type == "InternalFailure"
    assert answer.error_message == "The token issuer failed. Its log has the reason."
    assert answer.payload.keys() == {"errorType", "errorMessage", "requestId", "stackTrace"}
    shown = json.dumps(answer.payload)
    for foreign in ("ClientError", "not authorized", "botocore", "cognito.py", "raise InternalF"):
        assert foreign not in shown
    assert "not authorized" in function.logs()


def test_nothing_survives_from_one_invocation_to_the_next(function: RuntimeProcess) -> None:
    before = len(function.logs())
    first, second = new_trace_id(), new_trace_id()
    tagged = arguments(principal_tags={"department": "x"}, token_duration=60)
    function.invoke(arguments(identity_pool_id=OTHER_POOL))
    function.invoke(http_event(tagged), trace_id=first)
    untagged = function.invoke(arguments(logins=...), trace_id=second).payload
    function.invoke(user_http_event())

    _, one, two, three = written(function.logs()[before:]).records
    assert not {"reason", "detail", "exception", "invalid_arguments"} & one.keys()
    assert one["xray_trace_id"] in first
    assert two["xray_trace_id"] in second
    assert not {"caller", "api_request_id"} & two.keys()
    assert (two["principal_tags"], two["login_providers"]) == ([], [])
    assert "principal_tags" not in untagged
    assert untagged["token_duration"] == 900
    assert "caller" not in three
    assert len({r["function_request_id"] for r in (one, two, three)}) == 3
