"""Whatever the event: a result, or an error of the contract."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openid_token.errors import InternalFailure
from tests.builders import (
    EVENTS,
    credentials_http_event,
    http_event,
    rest_event,
    sample,
    user_http_event,
)
from tests.builders import settings as make_settings
from tests.doors import ERRORS, Outcome, handler, invoke
from tests.emitted import emitted
from tests.fakes import FakeCognito
from tests.strategies import ANYTHING, GIVEN, mutated

pytestmark = [
    pytest.mark.filterwarnings("ignore:No application metrics to publish"),
    # Tracing would cost a search half its time, and the other tests cover every branch.
    pytest.mark.no_cover,
]

EXPECTED: Final = {e.__name__: e().status for e in ERRORS if e is not InternalFailure}
STATUSES: Final = {*EXPECTED.values(), 200, 405, 413, 415}
HANDLER: Final = handler(
    FakeCognito(), make_settings(principal_tag_claims="department=custom:department")
)
SAMPLES: Final = [sample(path.stem) for path in EVENTS.glob("*.json")]
DOORS: Final[list[Callable[[Any], object]]] = [
    lambda body: body,
    http_event,
    rest_event,
    user_http_event,
    credentials_http_event,
]


def outcome_of(event: object) -> Outcome:
    """The outcome, which keeps the contract and has one record."""
    with emitted() as output:
        outcome = invoke(HANDLER, event)
    assert len(output.records) == 1
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
