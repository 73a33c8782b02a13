"""Every door of the built package, as the real runtime client serves it."""

import json

import pytest

from tests.builders import (
    LOGIN,
    POOL,
    PROVIDER,
    arguments,
    sample,
)
from tests.cognito import EXCHANGE, ISSUE, Endpoint, error, identity_of, operation, token_of
from tests.doors import DOOR_OF_SAMPLE
from tests.fakes import CREDENTIALS
from tests.runtime.emulation import ask, written
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
