"""`GET /me/credentials`: what AWS SDKs ask for, and nothing secret beside it."""

import itertools
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from openid_token.errors import InternalFailure, TokenIssuerError
from tests import builders
from tests.builders import IDENTITY, LOGIN, TOKEN, Json, sample, settings, token
from tests.doors import CREDENTIALS_DOORS, ERRORS, handler, invoke, problem
from tests.emitted import Emitted, emitted
from tests.fakes import CREDENTIALS, FakeCognito, Reply, Wire

type Make = Callable[..., Json]

both = pytest.mark.parametrize("event", CREDENTIALS_DOORS.values(), ids=CREDENTIALS_DOORS)
SAMPLE = sample("user-credentials")
ANSWER = {
    "AccessKeyId": CREDENTIALS["AccessKeyId"],
    "SecretAccessKey": CREDENTIALS["SecretKey"],
    "Token": CREDENTIALS["SessionToken"],
    "Expiration": "2026-11-26T12:36:32Z",
}
SECRETS = (CREDENTIALS["SecretKey"], CREDENTIALS["SessionToken"], TOKEN, LOGIN, "canary-tag")
NO_ROLE = "Give the identity pool a role for authenticated users, with SetIdentityPoolRoles"
NO_TEXT: tuple[object, ...] = (..., None, "", 5, [], "a b", "a\n", "ü", "\ud800")
NO_DATE: tuple[object, ...] = (
    *(..., None, "", "soon", [], {}, 1e18, -1e18, 1e300, math.nan),
    "0001-01-01T00:00:00+14:00",
)
MODEL = ServiceModel(Loader().load_service_model("cognito-identity", "service-2"))
EXCHANGE = MODEL.operation_model("GetCredentialsForIdentity")


@both
def test_hands_out_credentials_and_nothing_else(event: Make) -> None:
    cognito = FakeCognito()
    limits = settings(principal_tag_claims="uid=sub", user_max_token_duration="59")
    outcome = invoke(handler(cognito, limits), event())

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


def test_the_exchange_is_not_signed() -> None:
    wire = Wire(Reply.token(), Reply.credentials())

    assert invoke(handler(wire), SAMPLE).result == ANSWER
    assert wire.sent[0]["TokenDuration"] == 60
    assert ["Authorization" in request.headers for request in wire.requests] == [True, False]


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


@both
@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"body": "{}"}, 400),
        ({"body": "e30=", "isBase64Encoded": True}, 400),
        ({"queryStringParameters": {"token_duration": "900"}}, 400),
        ({"queryStringParameters": {"x": ""}}, 400),
        ({"body": "", "queryStringParameters": {}, "headers": {"content-type": "x/y"}}, 200),
        ({"body": None, "queryStringParameters": None, "headers": None}, 200),
    ],
)
def test_it_takes_no_body_and_no_query(event: Make, change: Json, status: int) -> None:
    outcome = invoke(handler(), event() | change)

    assert outcome.status == status
    assert status == 200 or outcome.detail == "this route takes no body and no query"


@both
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
@pytest.mark.parametrize("where", ["error", "exchange_error"])
def test_an_error_is_told_where_sdks_look(
    event: Make, error: type[TokenIssuerError], where: str
) -> None:
    cognito = FakeCognito()
    setattr(cognito, where, error("The reason."))
    outcome = invoke(handler(cognito), event())

    assert problem(outcome) == (error().status, error.__name__)
    assert (outcome.body["Code"], outcome.body["Message"]) == (error.__name__, outcome.detail)


@pytest.mark.parametrize("name", [shape.name for shape in EXCHANGE.error_shapes])
def test_each_error_of_the_exchange_ends_in_the_tree(name: str) -> None:
    wire = Wire(Reply.token(), Reply.error(name, "The reason."))
    outcome = invoke(handler(wire), SAMPLE)
    ours = {
        "InvalidIdentityPoolConfigurationException": "InternalFailure",
        "ExternalServiceException": "ServiceUnavailable",
    }

    assert outcome.code == ours.get(name, name)


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


@pytest.mark.parametrize(
    "issued",
    [
        *("a", "a.b", "a.!!!.c", "a.e30.c", "a..c", f"a.{'W' * 100_001}.c", "a.bnVsbA.c"),
        *(token(iss=iss) for iss in (None, 1, "", "x", "http://a.example", "https://", ["a"])),
        *(token(iss=f"https://a.example{end}") for end in ("/", "\n", ":443", "?x", "A", "ü")),
    ],
)
def test_a_token_whose_issuer_is_unclear_is_not_exchanged(issued: str) -> None:
    cognito = FakeCognito({"IdentityId": IDENTITY, "Token": issued})

    assert invoke(handler(cognito), SAMPLE).code == "ServiceUnavailable"
    assert not cognito.exchanges


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(Reply(200), id="nothing"),
        pytest.param(Reply.json({"IdentityId": IDENTITY}), id="no credentials"),
        pytest.param(Reply.json({"Credentials": None}), id="null"),
        pytest.param(Reply.json({"Credentials": []}), id="a list"),
        *(
            pytest.param(Reply.credentials(**{part: value}), id=f"{part} {value!r}"[:40])
            for part in ("AccessKeyId", "SecretKey", "SessionToken")
            for value in NO_TEXT
        ),
        *(
            pytest.param(Reply.credentials(Expiration=value), id=f"Expiration {value!r}"[:40])
            for value in NO_DATE
        ),
    ],
)
def test_an_answer_without_credentials_is_unavailable(reply: Reply) -> None:
    outcome = invoke(handler(Wire(Reply.token(), reply)), SAMPLE)

    assert problem(outcome) == (503, "ServiceUnavailable")
    assert outcome.detail == "Cognito's answer was not understood. Try again."


@pytest.mark.parametrize("hours", [-11, 0, 5.5])
def test_the_expiration_is_in_utc(hours: float) -> None:
    zone = timezone(timedelta(hours=hours))
    there = datetime(2026, 11, 26, 12, 36, 32, 999_999, UTC).astimezone(zone)
    cognito = FakeCognito(credentials=CREDENTIALS | {"Expiration": there})

    assert invoke(handler(cognito), SAMPLE).result == ANSWER


def run(*replies: Reply) -> Emitted:
    limits = settings(principal_tag_claims="department=custom:department")
    event = CREDENTIALS_DOORS["http api"](claims={"custom:department": "canary-tag"})
    with emitted() as output:
        invoke(handler(Wire(Reply.token(), *replies), limits), event)
    return output


@pytest.mark.parametrize(
    "reply",
    [
        Reply.credentials(),
        Reply.credentials(Expiration="canary-9e31/secret+key"),
        Reply.error("NotAuthorizedException", f"no: {TOKEN}"),
        Reply.error("NotAuthorizedException", "no: canary-tag"),
        Reply.error("InvalidIdentityPoolConfigurationException", f"no: {TOKEN[20:90]}"),
        Reply.json({"Credentials": CREDENTIALS | {"AccessKeyId": None}}, 500),
    ],
    ids=["issued", "garbage", "quotes the token", "quotes a tag", "quotes a part", "a fault"],
)
def test_secrets_go_to_the_caller_alone(reply: Reply) -> None:
    output = run(reply)

    assert output.record["door"] == "user_credentials"
    assert not [secret for secret in SECRETS if secret in output.text]


def test_the_record_has_the_access_key_id() -> None:
    record = run(Reply.credentials()).record

    assert record["access_key_id"] == CREDENTIALS["AccessKeyId"]
    assert record["credentials_expire_at"] == ANSWER["Expiration"]
    assert (record["outcome"], record["token_duration"]) == ("issued", 60)


def test_a_pool_without_a_role_is_explained_in_the_log_alone() -> None:
    no_role = Reply.error("InvalidIdentityPoolConfigurationException", "No such.")
    outcome = invoke(handler(Wire(Reply.token(), no_role)), SAMPLE)

    assert f"Exception: No such. {NO_ROLE}" in run(no_role).record["detail"]
    assert (outcome.status, outcome.detail) == (500, str(InternalFailure()))
    assert "role" not in str(outcome.body)
