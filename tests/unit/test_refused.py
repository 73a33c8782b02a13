"""Who is refused at which door, and by which sentence: nobody of these ever reaches Cognito.

A row is a status (none at the direct door, whose caller gets the error itself), the sentence, the
events that are refused with it, and the settings of the deployment that refuses them.
"""

import base64
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from openid_token.claims import for_token
from openid_token.errors import AccessDeniedException
from openid_token.http_api import ROUTES
from openid_token.request import User
from tests.kit.builders import (
    ARN,
    BY_LAMBDA,
    EXECUTION,
    IDENTITY,
    ISSUER,
    LIMITS,
    LOGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    Json,
    arguments,
    credentials_http_event,
    http_event,
    iam,
    jwt,
    rest_event,
    settings,
    user_http_event,
    user_rest_event,
)
from tests.kit.doors import play

type Row = tuple[int | None, str, tuple[Any, ...], Mapping[str, str]]

USERS: Final = (user_http_event, user_rest_event, credentials_http_event)
BOTH: Final = (http_event, rest_event)
CALLER: Final = {"userArn": ARN}
OF_POOL: Final = ("cognitoIdentityId", "cognitoIdentityPoolId", "cognitoAuthenticationType")
NO_ISSUERS: Final[list[Any]] = [None, "", f"{ISSUER}/", ISSUER.upper(), [ISSUER]]
OF_TAG: Final = {"principal_tag_claims": "tag=t"}
# What API Gateway makes of null, lists and objects; text that names nobody; text with nothing to
# see, and text that looks like another.
NOBODY: Final = [
    *("<nil>", "[]", "[a b]", ' ["a"]', "map[]", "map[a:b]", "{}", '{"a":"b"}', ' {"a": 1} '),
    '{"a":' * 8_000 + "1" + "}" * 8_000,
    *("null", "None", "undefined", " null ", "", " ", "\t \n", "\u00a0", "\u200b\ufeff"),
    *("4711\x00", "47\n11", "4711\n", "4711\x7f", "\x854711", "\u00a04711\x1f", "a\u2028b"),
    *("a\u2029b", "\u00ad", "\u034f", "\u061c", "\u115f", "\u1160", "\u180e", "\u2062", "\u2800"),
    *("\u3164", "\ufe0f", "\uffa0", "\U000e0020", "\U0001d159", "\u17b5", "\u3164 \u2800"),
    *("\ud800",),
    *("user\u202e4711", "\u2066user-4711\u2069", "user\u200d4711", "user\u00ad4711"),
]
NO_JSON: Final[list[str | None]] = [
    *(None, "", "{", "{} {}", "{'a': 1}", '{"a": NaN}', "a=b", '"\ud800"', r'"\ud800"'),
    *("[" * 1_000_000, '{"a":' * 1_000_000),
]
NOT_ENCODED: Final = [
    *("{}", "e30", "é===", "e3\n0="),
    *(base64.b64encode(raw).decode() for raw in (b"\xff{}", "{}".encode("utf-16"))),
]
NO_HEADERS: Final[list[Any]] = [{"a": 1}, [], "a: b"]
NO_CONTEXTS: Final[list[Any]] = [None, {}, {"http": {}}, {"http": {"method": 1}}, [], {"stage": 1}]
# "Names" in the Step Functions API reference.
FORBIDDEN: Final = ' \u00a0\n<>{}[]?*"#%\\^|~`$&,;/\x00\x1f\x7f\x9f\ud800\ufffe\uffff\U0010ffff'


def of_user(**given: Any) -> Json:
    return user_http_event(given)


def by_both(context: Json) -> Json:
    """A user for whom a JWT is good, and a Lambda authorizer says this."""
    return user_http_event(authorizer=jwt() | {"lambda": context})


def row(status: int | None, said: str, /, *events: Any, **limits: str) -> Row:
    return status, said, events, limits


def at_path(*paths: str) -> Iterator[Json]:
    """Of each payload, where a catch-all route leaves the choice to the path."""
    for path in paths:
        yield http_event(path=path, route="$default")
        yield rest_event(path=path, resource="/{proxy+}")


def within(event: Json, **context: Any) -> Json:
    """The event with something else in its request context."""
    return event | {"requestContext": event["requestContext"] | context}


def nobody(claim: str, why: str = "") -> str:
    return f'the claim "{claim}" of the verified token names nobody{why}'


ROUTE: Final = [
    row(
        *(404, "the routes are /token, /me/token, /me/credentials"),
        *at_path("/", "/token/x", "//token", "/TOKEN", "/me", "/%74oken", "/x\ud800"),
        # Only an HTTP API writes the stage into the path.
        rest_event(path="/s/token", resource="/{proxy+}", stage="s"),
    ),
    *(
        row(
            *(405, f"the method must be {route.method}"),
            http_event(method=method, route=f"ANY {path}"),
            rest_event(method=method, resource=path),
        )
        for path, route in ROUTES.items()
        for method in {"GET", "POST", "PUT", "HEAD", "OPTIONS", "x"} - {route.method}
    ),
    row(
        *(None, "the event is not from a route of this API"),
        *(within(http_event(), http=http) for http in (None, {}, {"method": 1})),
        *(http_event() | {"requestContext": context} for context in NO_CONTEXTS),
        within(http_event(), requestId="x" * 2049),
        *(http_event() | {"version": version} for version in ("3.0", "1.0", None)),
        *(http_event() | {"headers": headers} for headers in NO_HEADERS),
        *(http_event() | {"rawPath": 1}, http_event() | {"body": {}}),
        http_event() | {"isBase64Encoded": "false"},
        http_event() | {"queryStringParameters": "a=b"},
        *(rest_event() | {name: None} for name in ("path", "httpMethod")),
        *(rest_event() | {"requestContext": context} for context in NO_CONTEXTS[-2:]),
        {"version": "2.0", "requestContext": {"http": {"method": "POST"}}},
        {"requestContext": {"routeKey": "$default", "connectionId": "x", "stage": "p"}},
    ),
    row(None, "the event must be a JSON object", None, "", 0, True, [1], "requestContext"),
]
BODY: Final = [
    *(
        row(
            *(415, "the content type must be application/json"),
            *(event(headers={"Content-TYPE": kind, "content-type": kind}) for event in BOTH),
        )
        for kind in ("text/plain", "application/x-www-form-urlencoded", "a/json2", ";", "*/*")
    ),
    row(
        *(400, "the body must be JSON"),
        *(event(body) for event in BOTH for body in NO_JSON),
        *(http_event() | {"body": body, "isBase64Encoded": True} for body in NOT_ENCODED),
    ),
    row(
        *(400, "the body must be a JSON object"),
        *(event(body) for event in BOTH for body in ("[]", "null", '"{}"', "1")),
    ),
    # Of the arguments, a user is told of his own.
    row(
        *(400, "tokn is not an argument; the arguments are identity_pool_id, token_duration"),
        *(event({"tokn": 1}) for event in USERS[:2]),
    ),
    row(
        *(413, "the body must have at most 16384 characters"),
        *(event("[" * 16_385, encoded=it) for event in USERS[:2] for it in (False, True)),
    ),
    row(
        *(400, "this route takes no body and no query"),
        credentials_http_event() | {"body": "{}"},
        credentials_http_event() | {"queryStringParameters": {"token_duration": "900"}},
    ),
]
NO_BACKEND: Final = [
    *(None, {}, iam() | jwt(), iam(userArn=f"{ARN}{'a' * 2000}"), iam(userArn=""), iam(userArn=1)),
    # An ARN of IAM or STS with an account, and nothing else: CloudFront is no backend.
    *(
        iam(userArn=it)
        for it in ("cloudfront.amazonaws.com", "x", "*", "arn:", f"{ARN}\n", f"x{ARN}")
    ),
    *(
        iam(userArn=ARN.replace(a, b))
        for a, b in ((":sts:", ":s3:"), ("123456789012", "12345678901"))
    ),
    *({"iam": "x"}, {"iam": {"accountId": "1"}}, iam() | {"lambda": None}, {"lambda": {"a": 1}}),
    *(iam(cognitoIdentity={"identityId": IDENTITY}), iam(cognitoIdentity={"amr": ["x"]})),
    *(iam() | {"claims": {"sub": "a"}}, {"jwt": {"claims": None}}, {"sub": "a", "iam": "text"}),
]
CALLERS: Final = [
    row(
        *(403, "this route is for backends: API Gateway must have authorized the caller with IAM"),
        *(http_event(authorizer=authorizer) for authorizer in NO_BACKEND),
        *(within(http_event(), identity={name: "x"}) for name in OF_POOL),
        *(within(rest_event(), identity={name: "x"} | CALLER) for name in OF_POOL),
        *(within(rest_event(), identity=identity) for identity in (None, {}, {"userArn": None})),
        within(rest_event(), identity=None, elb={"targetGroupArn": ARN}),
        *(rest_event(authorizer=it) for it in ({"claims": {"sub": "a"}}, {"iam": CALLER})),
        # A REST API's console asks no authorizer, and names whoever tests.
        rest_event(stage="test-invoke-stage"),
        # A function URL without IAM; and the stage completes the path.
        http_event(route="$default", authorizer=None),
        http_event(route="$default", stage="me", path="/me/token", authorizer=jwt()),
    ),
    row(
        403,
        "this route is for signed-in users: API Gateway must have verified the user's token",
        *(event(authorizer=it) for event in USERS[::2] for it in (None, {}, iam())),
        *(user_rest_event(authorizer=None), *at_path("/me/token")),
        user_rest_event(stage="test-invoke-stage"),
    ),
    row(
        *(403, "the verified token is not from this deployment's issuer"),
        # Credentials of an identity pool are a user's, of whom nothing else is known.
        user_http_event(authorizer=iam(cognitoIdentity={"identityId": IDENTITY})),
        *(user_http_event(authorizer={of: {}} | iam()) for of in ("lambda", "jwt")),
        *(user_http_event(claims={"iss": iss}) for iss in NO_ISSUERS),
        # Payload 1.0 does not tell a Lambda authorizer's own keys from a JWT's claims.
        user_rest_event(authorizer={"claims": {"sub": "a", "iss": ISSUER}, "a": 1}),
        user_rest_event(authorizer={"principalId": "x", "sub": "a", "iss": ISSUER}),
        # Whatever a Lambda authorizer says beside it.
        user_http_event(authorizer=jwt(iss="x") | {"lambda": {"sub": "a", "iss": ISSUER}}),
    ),
    row(403, "this deployment has no signed-in users", *(u() for u in USERS), jwt_issuer=""),
    row(
        *(403, "this deployment has no developer provider for users"),
        *(event() for event in USERS),
        developer_provider_name="",
    ),
    row(
        403,
        "this route answers HTTP APIs alone (payload 2.0): a REST API's stage may cache a GET",
        user_rest_event(None, resource="/me/credentials", method="GET"),
    ),
]
CANT: Final = (
    "a signed-in user can't give this; the login and the tags come from the verified token"
)
BAD_TAG: Final = 'the tag "t" must have a value of letters, digits, spaces and _.:/=+-@ only'
SHARED: Final[dict[str, list[Any]]] = {
    "": NOBODY,
    ": it is a fraction": [42.5, 42.0],
    ": it is a list": [["4711"]],
    ": it is an object": [{"a": "b"}],
}
# As the value of a tag it tells something.
NO_LOGINS: Final[dict[str, list[Any]]] = {"": [None, "true", "false"], ": it is a boolean": [True]}
OF_USERS: Final = [
    *(
        row(403, f"{named}: {CANT}", *(e({"identity_pool_id": POOL} | given) for e in USERS[:2]))
        for named, given in (
            *(("logins", {"logins": {PROVIDER: "x"}}), ("logins", {"logins": {}})),
            *(("principal_tags", {"principal_tags": {}}), ("identity_id", {"identity_id": ""})),
            ("identity_id, logins", {"logins": 0, "identity_id": 0}),
        )
    ),
    *(
        row(403, nobody(claim, why), user_http_event(claims={claim: it}), **OF_TAG)
        for claim, kinds in (("sub", SHARED), ("sub", NO_LOGINS), ("t", SHARED))
        for why, values in kinds.items()
        for it in values
    ),
    *(
        row(403, nobody("sub", why), by_both({"sub": it}), **BY_LAMBDA)
        for kinds in (SHARED, NO_LOGINS)
        for why, values in kinds.items()
        for it in values
    ),
    *(
        row(403, BAD_TAG, user_http_event(claims={"t": text}), principal_tag_claims="t=t")
        for text in ("a,b", "a;b", "a#", "a|b", "🦉", "e\u0301", "a*", "a(b)", '"a"')
    ),
]
DENIED: Final = {
    "identity_pool_id": (OTHER_POOL, f"this deployment issues for {POOL} only"),
    "token_duration": (601, "this deployment allows at most 600 seconds"),
    "principal_tags": (
        *({"tenant": "x", "canary-8642": "y"},),
        "this deployment allows only department, tenant",
    ),
    "logins": ({"graph.facebook.com": "x"}, f"this deployment allows only {PROVIDER}"),
}
PREFIXED: Final = f"logins: this deployment asks for a login under {PROVIDER} with its own prefix"
UNPREFIXED: Final[list[Any]] = [
    *(..., {}, {PROVIDER: "b:canary"}, {PROVIDER: "A:1"}, {"graph.facebook.com": "a:1"}),
    {PROVIDER: "a:1", PROVIDER.upper(): "b:canary"},
]
OF_LIMITS: Final = [
    *(
        row(None, f"{name}: {said}", arguments(**{name: value}), **LIMITS)
        for name, (value, said) in DENIED.items()
    ),
    row(
        *(None, "; ".join(f"{name}: {said}" for name, (_, said) in DENIED.items())),
        *(arguments(**{name: value for name, (value, _) in DENIED.items()}),),
        **LIMITS,
    ),
    *(
        row(
            *(status, f"token_duration: this deployment allows at most {cap} seconds"),
            make(token_duration=cap + 1),
            max_token_duration=both,
            user_max_token_duration=users,
        )
        for status, make, both, users, cap in (
            *((None, arguments, "1000", "500", 1000), (403, of_user, "1000", "500", 500)),
            *((403, of_user, "500", "1000", 500), (None, arguments, "500", "1000", 500)),
        )
    ),
    # One pool, two backends: who names no login, or another's.
    *(
        row(None, PREFIXED, event, allowed_login_prefix="a:")
        for given in (*({"logins": it} for it in UNPREFIXED), {}, {"identity_id": IDENTITY})
        for event in (arguments(**given), arguments(**given, identity_only=True))
    ),
    *(row(403, PREFIXED, event(arguments()), allowed_login_prefix="a:") for event in BOTH),
    # A user may name another pool, which is left to the limits.
    row(
        *(403, f"identity_pool_id: this deployment issues for {POOL} only"),
        *(event({"identity_pool_id": OTHER_POOL}) for event in USERS[:2]),
    ),
    # The identity alone widens no limit.
    row(
        *(None, "token_duration: this deployment allows at most 60 seconds"),
        arguments(identity_only=True, token_duration=86_400),
        max_token_duration="60",
    ),
]
EXECUTIONS: Final[list[Any]] = [
    *("", "order-1", 0, False, [EXECUTION], {}, EXECUTION + "x" * 80),
    *(EXECUTION.replace("1234", "\u0661234"), EXECUTION.replace("states", "lambda")),
    *(EXECUTION + forbidden for forbidden in FORBIDDEN),
]
NO_ARN: Final = "execution_id must be the ARN of a Step Functions execution"
NO_FLAGS: Final[list[Any]] = [1, 0, "true", "", [], {}]
NO_FLAG: Final = "identity_only must be true or false"
OF_KEYS: Final = [
    row(None, NO_ARN, *(arguments(execution_id=execution) for execution in EXECUTIONS)),
    row(None, NO_FLAG, *(arguments(identity_only=it) for it in NO_FLAGS)),
    row(None, f"{NO_ARN}; {NO_FLAG}", arguments(identity_only=0, execution_id="x")),
]
CODES: Final = {403: "AccessDeniedException", 404: "ResourceNotFoundException"}
ROWS: Final = [
    pytest.param(status, said, event, limits, id=f"{said[:40]}-{number}")
    for status, said, events, limits in (
        *(*ROUTE, *BODY, *CALLERS, *OF_USERS, *OF_LIMITS, *OF_KEYS),
    )
    for number, event in enumerate(events)
]


@pytest.mark.parametrize(("status", "said", "event", "limits"), ROWS)
def test_it_is_refused(status: int | None, said: str, event: Any, limits: Json) -> None:
    seen = play(event, **limits)

    assert (seen.outcome.status, seen.outcome.detail) == (status, said)
    denied = "this deployment" in said and status is None
    code = CODES.get(status or 0, CODES[403] if denied else "InvalidParameterException")
    assert seen.outcome.code == seen.record["reason"] == code
    assert not seen.cognito.calls
    assert "canary" not in seen.written.text


@pytest.mark.parametrize("execution", [EXECUTION, "", None], ids=repr)
@pytest.mark.parametrize("event", [make() for make in BOTH], ids=["2.0", "1.0"])
def test_an_event_that_names_its_execution_is_never_of_an_api(event: Json, execution: Any) -> None:
    """It escapes to the workflow, past no `Catch`."""
    seen = play(event | {"execution_id": execution})

    assert (seen.outcome.status, seen.outcome.code) == (None, "InvalidParameterException")
    assert seen.record["door"] == ("direct" if execution is None else "step_functions")
    assert "caller" not in seen.record
    assert not seen.cognito.calls


def test_a_malformed_execution_is_not_noted() -> None:
    record = play(arguments(execution_id="x")).record

    assert (record["door"], record["invalid_arguments"]) == ("step_functions", ["execution_id"])
    assert "execution_id" not in record


@pytest.mark.parametrize("event", BOTH)
def test_all_that_is_wrong_is_told_at_once(event: Any) -> None:
    given = {"token_duration": 0, "login": {}, "execution_id": EXECUTION, "identity_only": True}
    outcome = play(event(given)).outcome

    assert outcome.body["errors"][:3] == [
        {"argument": "identity_pool_id", "message": "is required"},
        {"argument": "token_duration", "message": "must be between 1 and 86400 seconds"},
        {"argument": "login", "message": 'is not an argument; did you mean "logins"?'},
    ]
    # The keys of the direct door are no arguments.
    assert outcome.invalid[3:] == ("execution_id", "identity_only")


def test_no_login_has_a_control_or_is_made_of_nothing_to_see() -> None:
    """Every character that is no letter, number, punctuation or symbol, alone."""
    limits, plane = settings(), map(chr, range(0x10000))
    for c in (c for c in plane if unicodedata.category(c)[0] not in "LNPS"):
        with pytest.raises(AccessDeniedException):
            for_token({}, User({"iss": ISSUER, "sub": c}), limits)


def test_a_user_shows_nothing() -> None:
    assert LOGIN not in repr(User({"sub": LOGIN}))
