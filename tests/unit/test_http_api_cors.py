"""CORS, for browser apps at the user's door."""

from collections.abc import Callable

import pytest

from tests.builders import (
    ORIGIN,
    POOL,
    Json,
    settings,
)
from tests.doors import USER_DOORS, Outcome, handler, invoke, problem
from tests.emitted import emitted

both_users = pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
type Make = Callable[..., Json]


PREFLIGHT = {"Access-Control-Request-Method": "POST"}


def preflight(event: Make, origin: str | None, allowed: str) -> Outcome:
    headers = PREFLIGHT | {"Origin": origin}
    with emitted() as output:
        outcome = invoke(
            handler(settings=settings(allowed_origins=allowed)),
            event(None, method="OPTIONS", headers=headers),
        )
    assert bool(output.records) is not bool(allowed)
    return outcome


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@both_users
@pytest.mark.parametrize("origin", [ORIGIN, "http://localhost:5173"])
def test_a_preflight_from_an_allowed_origin(event: Make, origin: str) -> None:
    outcome = preflight(event, origin, f"{ORIGIN},http://localhost:5173")

    assert outcome.status == 204
    assert outcome.headers["Access-Control-Allow-Origin"] == origin
    assert "POST" in outcome.headers["Access-Control-Allow-Methods"].split(",")
    assert {"Authorization", "Content-Type"} <= set(
        outcome.headers["Access-Control-Allow-Headers"].split(",")
    )
    assert outcome.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Credentials" not in outcome.headers


@pytest.mark.filterwarnings("ignore:No application metrics to publish")
@both_users
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "https://evil.example",
        "null",
        "*",
        f"{ORIGIN}.evil.example",
        "http://shop.example.com",
    ],
)
def test_a_preflight_from_another_origin(event: Make, origin: str | None) -> None:
    outcome = preflight(event, origin, ORIGIN)

    assert outcome.status == 204
    assert "Access-Control-Allow-Origin" not in outcome.headers
    assert outcome.headers["Cache-Control"] == "no-store"


@both_users
def test_without_origins_there_is_no_preflight(event: Make) -> None:
    outcome = preflight(event, ORIGIN, "")

    assert problem(outcome) == (405, "InvalidParameterException")
    assert "Access-Control-Allow-Origin" not in outcome.headers


@both_users
@pytest.mark.parametrize("body", [{"identity_pool_id": POOL}, {}], ids=["issued", "refused"])
@pytest.mark.parametrize(("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.example", None)])
def test_an_answer_names_an_allowed_origin_only(
    event: Make, body: Json, origin: str, allowed: str | None
) -> None:
    limits = settings(allowed_origins=ORIGIN)
    outcome = invoke(handler(settings=limits), event(body, headers={"Origin": origin}))

    assert outcome.headers.get("Access-Control-Allow-Origin") == allowed
