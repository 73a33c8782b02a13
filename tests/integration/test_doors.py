"""Every door, with moto as Cognito behind real HTTP."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from openid_token.cognito import create_client
from openid_token.doors import Handler, create
from tests.builders import LOGIN, PROVIDER, sample, settings
from tests.doors import invoke


@pytest.fixture
def function(pool: str) -> Iterator[Handler]:
    limits = settings(identity_pool_id=pool, principal_tag_claims="department=custom:department")
    client = create_client(limits.region)
    yield create(limits, client)
    client.close()


def event_for(pool: str, name: str) -> Any:
    """The sample of a door, for this pool."""
    event = sample(name)
    if "body" not in event:
        return event | {"identity_pool_id": pool}
    return event | {"body": json.dumps(json.loads(event["body"]) | {"identity_pool_id": pool})}


@pytest.mark.parametrize(
    ("name", "duration", "tags"),
    [
        ("direct", 3600, {"department": "legal", "tenant": "tenant-17"}),
        ("step-functions", 300, None),
        ("http-api", 900, {"department": "legal"}),
        ("rest-api", 600, None),
        ("user-http-api", 300, {"department": "legal"}),
    ],
)
def test_a_token_through_the_door(
    function: Handler, pool: str, name: str, duration: int, tags: dict[str, str] | None
) -> None:
    before = datetime.now(UTC)
    result = invoke(function, event_for(pool, name)).result

    assert result is not None
    assert result["identity_pool_id"] == pool
    assert result["identity_id"].startswith("eu-central-1:")
    assert result["logins"] == {PROVIDER: LOGIN}
    assert result.get("principal_tags") == tags
    assert result["token_duration"] == duration
    assert len(result["token"]) > 0
    expires = datetime.fromisoformat(result["expires_at"])
    assert expires - timedelta(seconds=duration) <= datetime.now(UTC)
    assert before - timedelta(seconds=1) <= expires - timedelta(seconds=duration)


def test_a_refusal_is_no_call(function: Handler) -> None:
    assert invoke(function, sample("http-api")).status == 403


def test_the_client_serves_several_invocations(function: Handler, pool: str) -> None:
    event = event_for(pool, "http-api")

    assert [invoke(function, event).status for _ in range(5)] == [200] * 5
