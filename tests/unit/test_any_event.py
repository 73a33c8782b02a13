"""Whatever the event: a result, or an error of the contract."""

import copy
from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from openid_token.errors import InternalFailure
from tests.kit.builders import (
    EVENTS,
    IDENTITY,
    LOGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    Json,
    credentials_http_event,
    http_event,
    rest_event,
    sample,
    user_http_event,
)
from tests.kit.doors import ERRORS, Outcome, play

pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
    # Tracing would cost a search half its time, and the other tests cover every branch.
    pytest.mark.no_cover,
]

EXPECTED: Final = {e.__name__: e().status for e in ERRORS if e is not InternalFailure}
STATUSES: Final = {*EXPECTED.values(), 200, 405, 413, 415}
SAMPLES: Final = [sample(path.stem) for path in EVENTS.glob("*.json")]
DOORS: Final[list[Callable[[Any], object]]] = [
    *(lambda body: body, http_event, rest_event, user_http_event, credentials_http_event),
]

# JSON text may hold half a character, so an event can.
TEXT: Final = st.text(st.characters(), max_size=20) | st.sampled_from(
    ("", "\ud800", "\x00", "<nil>", "/token", "POST", POOL, OTHER_POOL, PROVIDER, LOGIN)
)
NUMBERS: Final = st.integers(-(10**30), 10**30) | st.sampled_from([0, 1, 900, 86_400, 86_401])
JSON: Final[SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
_NAMES: Final = TEXT | st.sampled_from(
    (
        *("identity_pool_id", "identity_id", "logins", "principal_tags", "token_duration"),
        *("execution_id", "identity_only", "requestContext", "version", "httpMethod", "body"),
        *("authorizer", "jwt", "claims", "iam", "lambda", "identity", "userArn"),
        *("headers", "http", "stage", "routeKey", "resource", "queryStringParameters"),
    )
)
_PAIRS: Final = st.dictionaries(TEXT, TEXT, max_size=3)

GIVEN: Final[SearchStrategy[Any]] = st.fixed_dictionaries(
    {},
    optional={
        "identity_pool_id": st.sampled_from([POOL, OTHER_POOL, POOL + "\n"]) | JSON,
        "identity_id": st.sampled_from([IDENTITY, "", None]) | JSON,
        "logins": _PAIRS | JSON,
        "principal_tags": _PAIRS | JSON,
        "token_duration": st.integers(-1, 86_402) | JSON,
    },
)
ANYTHING: Final = JSON | st.dictionaries(_NAMES, JSON, max_size=6)


@st.composite
def mutated(draw: DrawFn, event: Json) -> Json:
    """`event` with up to three values, at any depth, replaced, removed or added."""
    changed = copy.deepcopy(event)
    for _ in range(draw(st.integers(1, 3))):
        _mutate(draw, changed)
    return changed


def _mutate(draw: DrawFn, node: Json) -> None:
    name = draw(st.sampled_from(sorted(node))) if node else draw(_NAMES)
    below = node.get(name)
    if isinstance(below, dict) and draw(st.integers(0, 3)):
        _mutate(draw, below)
        return
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            node[name] = draw(JSON)
        case "remove":
            node.pop(name, None)
        case _:
            node[draw(_NAMES)] = draw(JSON)


def outcome_of(event: object) -> Outcome:
    """The outcome, which keeps the contract and has one record."""
    outcome, written, _ = play(event, principal_tag_claims="department=custom:department")
    assert len(written.records) == 1
    assert outcome.status is None or outcome.status in STATUSES
    assert outcome.result or outcome.code in EXPECTED
    return outcome


@given(event=ANYTHING | st.dictionaries(st.text(), ANYTHING, max_size=3), context=ANYTHING)
@settings(max_examples=150)
def test_any_event_and_any_request_context(event: object, context: object) -> None:
    outcome_of(event)
    if isinstance(event, dict):
        outcome_of({**event, "requestContext": context})


@given(event=st.sampled_from(SAMPLES).flatmap(mutated))
@settings(max_examples=300)
def test_a_sample_that_is_changed(event: object) -> None:
    outcome_of(event)


@given(door=st.sampled_from(DOORS), body=GIVEN)
@settings(max_examples=300)
def test_any_arguments(door: Callable[[Any], object], body: object) -> None:
    outcome_of(door(body))


@given(body=st.text() | st.binary().map(lambda data: data.decode("latin-1")))
@settings(max_examples=100)
def test_any_body(body: str) -> None:
    for encoded in (False, True):
        outcome_of(http_event() | {"body": body, "isBase64Encoded": encoded})


@given(given_=GIVEN)
@settings(max_examples=100)
def test_the_doors_agree(given_: dict[str, object]) -> None:
    direct, over_http = outcome_of(given_), outcome_of(http_event(given_))
    if over_http.detail == "the body must be JSON":
        return  # A direct caller can send what strict JSON can't say: NaN, half a character.
    assert (over_http.code, over_http.invalid) == (direct.code, direct.invalid)
    assert over_http.detail == direct.detail
