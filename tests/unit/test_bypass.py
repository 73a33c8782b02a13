"""A search for an event that gives a user what is not his, or anyone what no authorizer allowed.

What a client can send (body, headers, path, query) and every kind of route and authorizer are
combined. The judge is what Cognito was asked.
"""

import functools
import operator
from typing import Any, Final

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.kit import builders
from tests.kit.acts import EXCHANGE
from tests.kit.builders import ARN, IDENTITY, ISSUER, OTHER_POOL, POOL, PROVIDER, Json, iam
from tests.kit.cognito import Cognito
from tests.kit.doors import emitting, handler, invoke

pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
    # Tracing would cost a search half its time, and the other tests cover every branch.
    pytest.mark.no_cover,
]

ME, VICTIM, CAP, TAG_CLAIM = "me-4711", "victim-1", 600, "custom:department"
DOORS: Final = ("/token", "/me/token", "/me/credentials")
# What API Gateway makes of null, lists, objects and what else names nobody.
FLAT: Final = ["<nil>", f"[{VICTIM}]", f"map[sub:{VICTIM}]", " ", f"{VICTIM}\n", "\x00", "map[]"]
LIMITS: Final = {
    "user_max_token_duration": str(CAP),
    "principal_tag_claims": f"department={TAG_CLAIM}",
}


def words(text: str) -> list[str]:
    return text.split()


COGNITO: Final = Cognito()
HANDLERS: Final = {
    "jwt": handler(COGNITO, **LIMITS),
    "lambda": handler(COGNITO, **LIMITS, **builders.BY_LAMBDA),
    "neither": handler(COGNITO, **LIMITS, jwt_issuer=""),
}
PATHS: Final = [
    *words("/token /me/token //token //me/token /me//token /token/ /me/token/ /TOKEN /Me/Token"),
    *words("/%2Ftoken /%2Fme%2Ftoken /me%2Ftoken /me/../token /me/./token /me/token/.."),
    *words("/token?x=/me/token /token#/me/token /token;/me/token \\token token / * /me /me/"),
    *words("/prod/token /prod/me/token /me/me/token /token/me/token http://x/token"),
    *("", "/token\n", "/me/token\n", "/token\x00", "/me/token\x00", *DOORS[2:], *DOORS[2:]),
    *words("/me/credentials/ //me/credentials /me/credentials/../token /me/token/../credentials"),
]
_ROUTES: Final = ["", *DOORS, *words("/{proxy+} /me/{proxy+} /{door}/token /token/ /")]
ROUTES: Final = ["$default", "", "POST", "/token", "POST  /token"] + [
    f"{method} {path}" for method in ("GET", "POST", "ANY") for path in _ROUTES
]
STAGES: Final = ["$default", "prod", "me", "token", "", "/", "me/"]
METHODS: Final = ["post", "GET", "PUT", "OPTIONS", "POST /token"]
CLAIMS: Final = st.just({"sub": ME, TAG_CLAIM: "legal", "iss": ISSUER}) | st.fixed_dictionaries(
    {},
    optional={
        "sub": st.sampled_from([ME] * 8 + ["", None, 5, [VICTIM], *FLAT]),
        TAG_CLAIM: st.sampled_from(["legal"] * 8 + ["", None, 5, "x" * 257, *FLAT]),
        "iss": st.sampled_from([ISSUER] * 8 + ["https://other.example.com", f"{ISSUER}/", None]),
        "logins": st.just({PROVIDER: VICTIM}),
        "userArn": st.just(ARN),
        "identity_id": st.just(IDENTITY),
    },
)
DEVIATIONS: Final[list[Json]] = [
    *({"token_duration": d} for d in (1, CAP, CAP + 1, 900, 86_400, "60", True, 60.0, None)),
    *({"identity_pool_id": p} for p in (OTHER_POOL, None, POOL + "\n", "")),
    *({"identity_id": i} for i in (IDENTITY, "", None)),
    *({"logins": m} for m in ({PROVIDER: VICTIM}, {PROVIDER: ME}, {"x": VICTIM}, {}, "x", 0)),
    *({"principal_tags": m} for m in ({"department": "admin"}, {"x": "y"}, {}, "x", 0)),
    {"requestContext": {"authorizer": iam()}},
    {"sub": VICTIM},
    {"execution_id": "x"},
]
BODIES: Final = st.lists(st.sampled_from(DEVIATIONS), max_size=2).map(
    lambda chosen: functools.reduce(operator.or_, chosen, {"identity_pool_id": POOL})
)
HEADERS: Final = st.dictionaries(
    st.sampled_from(
        words("X-Original-URL X-Rewrite-URL X-HTTP-Method-Override X-Forwarded-Prefix userArn")
        + words("Origin Host x-amzn-request-context Authorization content-type")
    ),
    st.sampled_from(["/token", "/me/token", "POST", ARN, "application/json", VICTIM]),
    max_size=2,
)
PARAMETERS: Final[list[Json]] = [
    *[{}] * 6,
    *({"execution_id": execution} for execution in (None, builders.EXECUTION)),
    {"rawQueryString": "path=/token&logins=x"},
    {"queryStringParameters": {"identity_id": IDENTITY, "path": "/token"}},
    {"pathParameters": {"proxy": "token", "door": "me"}},
]
BACKEND: Final = st.sampled_from([iam(), iam(cognitoIdentity={"identityId": None})])


def mostly(usual: str, unusual: list[str]) -> SearchStrategy[str]:
    """So that an event is out of the ordinary in a few places, and not refused for all of them."""
    return st.sampled_from([usual] * (3 * len(unusual)) + unusual)


@st.composite
def of_user(draw: DrawFn, version: str) -> tuple[Any, Json]:
    """An authorizer of a user, and what it verified, by who may say it."""
    claims = draw(CLAIMS)
    extra = draw(st.sampled_from([{}, iam()]))
    # A Lambda authorizer's keys may be called anything, and none of them opens anything.
    named = {"jwt": {"claims": claims}, "claims": claims, "iam": iam()["iam"], "lambda": claims}
    if version == "2.0":
        shapes: list[tuple[Any, Json]] = [
            (extra | {"jwt": {"claims": claims, "scopes": None}}, {"jwt": claims}),
            (extra | {"lambda": claims}, {"lambda": claims}),
            (extra | {"lambda": named}, {}),
            ({"jwt": None} | extra, {}),
            (iam(cognitoIdentity={"identityId": IDENTITY}), {}),
        ]
    else:
        flat = {"principalId": ME}
        shapes = [
            ({"claims": claims}, {"jwt": claims}),
            (claims | flat, {"lambda": claims}),
            (named | flat, {}),
            (iam(), {}),
        ]
    shape: tuple[Any, Json] = draw(st.sampled_from(shapes))
    return shape


@st.composite
def events(draw: DrawFn, authorizer: str) -> tuple[Json, Json]:
    """An event that a client could bring about, and what was verified of the user."""
    version = draw(st.sampled_from(["2.0", "1.0"]))
    kinds: dict[str, SearchStrategy[tuple[Any, Json]]] = {
        "user": of_user(version),
        "backend": BACKEND.map(lambda given_: (given_, {})),
        "nobody": st.sampled_from([(None, {}), ({}, {})]),
    }
    who, claims = draw(kinds[authorizer])
    usual = DOORS[:1] if authorizer == "backend" else DOORS[1:]
    door = draw(st.sampled_from([*DOORS, *usual, *usual]))
    method = "GET" if door == "/me/credentials" else "POST"
    sent: dict[str, Any] = {
        "body": draw(BODIES if method == "POST" else st.none() | st.none() | BODIES),
        "method": draw(mostly(method, METHODS)),
        "path": draw(mostly(door, PATHS)),
        "stage": draw(mostly("$default", STAGES)),
        "headers": draw(HEADERS),
        "encoded": draw(st.booleans()),
    }
    if version == "2.0":
        route = draw(mostly(f"{method} {door}", ROUTES))
        event = builders.http_event(route=route, authorizer=who, **sent)
    else:
        arns = {"user": draw(st.sampled_from([None, None, ARN])), "backend": ARN, "nobody": None}
        sent |= {"user_arn": arns[authorizer], "resource": draw(mostly(door, _ROUTES))}
        who = None if authorizer == "backend" else who
        event = builders.rest_event(authorizer=who, **sent)
    return event | draw(st.sampled_from(PARAMETERS)), claims


def asked(event: Json, configuration: str = "jwt") -> list[Json]:
    """What Cognito was asked, after an event that ended as the contract says."""
    COGNITO.calls.clear()
    with emitting() as written:
        outcome = invoke(HANDLERS[configuration], event)
    record, requests = written().record, COGNITO.asked()
    assert outcome.code != "InternalFailure"
    assert (outcome.result is not None) is bool(requests)
    door = record["door"]
    if "execution_id" in event:
        # Whoever may start a workflow is no caller of an API, whatever he sends.
        assert (outcome.status, requests) == (None, [])
        assert door in {"direct", "step_functions"}
        assert "caller" not in record
    if outcome.result is not None:
        assert ("SecretAccessKey" in outcome.result) is (door == "user_credentials")
        assert len(COGNITO.asked(EXCHANGE)) == (door == "user_credentials")
    return requests


@given(drawn=events("user"), configuration=st.sampled_from([*HANDLERS]))
@settings(max_examples=500)
def test_a_user_gets_what_is_his_or_nothing(drawn: tuple[Json, Json], configuration: str) -> None:
    event, verified = drawn
    for request in asked(event, configuration):
        claims = verified[configuration]
        tags = request.pop("PrincipalTags", {})
        assert request.pop("TokenDuration") <= (60 if COGNITO.asked(EXCHANGE) else CAP)
        assert request == {"IdentityPoolId": POOL, "Logins": {PROVIDER: str(claims["sub"])}}
        assert claims["sub"] in {ME, 5}
        assert configuration == "lambda" or claims["iss"] == ISSUER
        assert tags.get("department") in {"legal", "5", None}
        assert tags.get("department") in {str(claims.get(TAG_CLAIM)), None}
        assert routed_to(event) != "/token"


@given(drawn=events("nobody"))
@settings(max_examples=200)
def test_nobody_gets_nothing(drawn: tuple[Json, Json]) -> None:
    assert not asked(drawn[0])


@given(drawn=events("backend"))
@settings(max_examples=200)
def test_a_backend_gets_nothing_on_the_users_paths(drawn: tuple[Json, Json]) -> None:
    event, _ = drawn
    for request in asked(event):
        assert request["IdentityPoolId"] == POOL
        assert routed_to(event) not in DOORS[1:]
        assert not COGNITO.asked(EXCHANGE)


def routed_to(event: Json) -> str | None:
    """The route that API Gateway chose; `None` for one that leaves it to the path."""
    route = event["resource"] if "httpMethod" in event else event["routeKey"].partition(" ")[2]
    return route if route in DOORS else None


@pytest.mark.parametrize("who", ["backend", "user"])
@pytest.mark.parametrize("configuration", ["jwt", "lambda"])
@pytest.mark.parametrize("exchanged", [False, True])
def test_the_search_does_find_tokens(who: str, configuration: str, exchanged: bool) -> None:
    """Else it would prove nothing. The examples are the same each time: one is among them."""
    if who == "backend" and exchanged:
        return
    find(
        events(who),
        lambda drawn: (
            asked(drawn[0], configuration) != [] and bool(COGNITO.asked(EXCHANGE)) is exchanged
        ),
        settings=settings(phases=[Phase.generate], derandomize=True, max_examples=2000),
    )
