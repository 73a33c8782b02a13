"""`GET /me/credentials`: what AWS SDKs ask for, and nothing secret beside it."""

import itertools
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest

from openid_token.errors import InternalFailure, TokenIssuerError
from tests import builders
from tests.builders import IDENTITY, LOGIN, TOKEN, Json, sample, settings, token
from tests.doors import ERRORS, handler, invoke, problem
from tests.emitted import emitted
from tests.fakes import CREDENTIALS, FakeCognito, Reply, Wire

SAMPLE = sample("user-credentials")
ANSWER = {
    "AccessKeyId": CREDENTIALS["AccessKeyId"],
    "SecretAccessKey": CREDENTIALS["SecretKey"],
    "Token": CREDENTIALS["SessionToken"],
    "Expiration": "2026-11-26T12:36:32Z",
    "IdentityId": IDENTITY,
}
NO_ROLE = "Give the identity pool a role for authenticated users, with SetIdentityPoolRoles"
NO_TEXT: tuple[object, ...] = (..., None, "", 5, [], "a b", "a\n", "ü", "\ud800")
NO_DATE: tuple[object, ...] = (
    *(..., None, "", "soon", [], {}, 1e18, -1e18, 1e300, math.nan),
    "0001-01-01T00:00:00+14:00",
)


def test_hands_out_credentials_and_nothing_else() -> None:
    cognito = FakeCognito()
    limits = settings(principal_tag_claims="uid=sub", user_max_token_duration="59")
    outcome = invoke(handler(cognito, limits), builders.credentials_http_event())

    assert (outcome.status, outcome.result) == (200, ANSWER)
    assert outcome.headers["Content-Type"] == "application/json"
    assert outcome.headers["Cache-Control"] == "no-store"
    assert cognito.requests == [
        {
            "IdentityPoolId": builders.POOL,
            "Logins": {builders.PROVIDER: LOGIN},
            "PrincipalTags": {"uid": LOGIN},
            "TokenDuration": 59,
        }
    ]
    assert cognito.exchanges == [
        {"IdentityId": IDENTITY, "Logins": {"cognito-identity.amazonaws.com": TOKEN}}
    ]


@pytest.mark.parametrize(("seconds", "status"), [(3.9, 200), (4.1, 503)])
def test_a_token_that_took_too_long_is_not_exchanged(
    monkeypatch: pytest.MonkeyPatch, seconds: float, status: int
) -> None:
    # The clock is read as each call begins and ends.
    clock = itertools.accumulate(itertools.repeat(seconds))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    cognito = FakeCognito()

    assert invoke(handler(cognito), SAMPLE).status == status
    assert bool(cognito.exchanges) is (status == 200)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": "{}"}, 400),
        ({"queryStringParameters": {"token_duration": "900"}}, 400),
        ({"body": "", "queryStringParameters": {}, "headers": {"content-type": "x/y"}}, 200),
        ({"body": None, "queryStringParameters": None, "headers": None}, 200),
    ],
)
def test_it_takes_no_body_and_no_query(change: Json, status: int) -> None:
    outcome = invoke(handler(), builders.credentials_http_event() | change)

    assert outcome.status == status
    assert status == 200 or outcome.detail == "this route takes no body and no query"


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
@pytest.mark.parametrize("where", ["error", "exchange_error"])
def test_an_error_is_told_where_sdks_look(error: type[TokenIssuerError], where: str) -> None:
    cognito = FakeCognito()
    setattr(cognito, where, error("The reason."))
    outcome = invoke(handler(cognito), builders.credentials_http_event())

    assert problem(outcome) == (error().status, error.__name__)
    assert (outcome.body["Code"], outcome.body["Message"]) == (error.__name__, outcome.detail)


@pytest.mark.parametrize(
    "host",
    [
        *("cognito-identity.amazonaws.com", "cognito-identity-us-gov.amazonaws.com"),
        "cognito-identity.cn-north-1.amazonaws.com.cn",
    ],
)
def test_the_login_is_cognitos_own_name_in_its_partition(host: str) -> None:
    issued = token(iss=f"https://{host}")
    cognito = FakeCognito({"IdentityId": IDENTITY, "Token": issued})
    invoke(handler(cognito), SAMPLE)

    assert cognito.exchanges[0]["Logins"] == {host: issued}


def test_another_identitys_credentials_are_handed_to_nobody() -> None:
    cognito = FakeCognito(identity="eu-central-1:0")
    with emitted() as output:
        outcome = invoke(handler(cognito), SAMPLE)

    assert (outcome.code, cognito.dropped) == ("ServiceUnavailable", [True])
    assert output.record["detail"] == "the credentials are another identity's"
    assert "access_key_id" not in output.record


def test_a_rest_api_whose_stage_may_cache_them_gets_none() -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), builders.credentials_rest_event())

    assert problem(outcome) == (403, "AccessDeniedException")
    assert "payload 2.0" in outcome.detail
    assert not cognito.requests


@pytest.mark.parametrize(
    "reply",
    [
        *(Reply(200), Reply.json({"IdentityId": IDENTITY}), Reply.json({"Credentials": []})),
        *(Reply.credentials(AccessKeyId=value) for value in NO_TEXT),
        *(Reply.credentials(SecretKey=value) for value in NO_TEXT),
        *(Reply.credentials(SessionToken=value) for value in NO_TEXT),
        *(Reply.credentials(Expiration=value) for value in NO_DATE),
    ],
)
def test_an_answer_without_credentials_is_unavailable(reply: Reply) -> None:
    outcome = invoke(handler(Wire(Reply.token(), reply)), SAMPLE)

    assert problem(outcome) == (503, "ServiceUnavailable")
    assert outcome.detail == "Cognito's answer was not understood. Try again."


def test_the_expiration_is_in_utc() -> None:
    zone = timezone(timedelta(hours=5.5))
    there = datetime(2026, 11, 26, 12, 36, 32, 999_999, UTC).astimezone(zone)
    cognito = FakeCognito(credentials=CREDENTIALS | {"Expiration": there})

    assert invoke(handler(cognito), SAMPLE).result == ANSWER


def test_a_pool_without_a_role_is_explained_in_the_log_alone() -> None:
    no_role = Reply.error("InvalidIdentityPoolConfigurationException", "No such.")
    with emitted() as output:
        outcome = invoke(handler(Wire(Reply.token(), no_role)), SAMPLE)

    assert f"Exception: No such. {NO_ROLE}" in output.record["detail"]
    assert (outcome.status, outcome.detail) == (500, str(InternalFailure()))
    assert "role" not in str(outcome.body)
