"""Attempts < the function's time-out < the API's: who waits gets an answer."""

from typing import Any

from botocore.retries import standard

from openid_token.cognito import OPENING_SECONDS, create_client
from openid_token.issuing import LATEST_EXCHANGE_MS
from tests.template.cloudformation import SOURCE

# What the function needs besides the call: the record, the answer.
REST_SECONDS = 3
# As botocore has it: during a unit test it is none.
_delay = standard.ExponentialBackoff.delay_amount


def longest_backoff(attempt: int) -> float:
    """As botocore computes it after that attempt, with the worst luck."""
    context = standard.RetryContext(attempt_number=attempt)
    seconds: float = _delay(standard.ExponentialBackoff(random=lambda: 1.0), context)
    assert seconds > 0
    return seconds


def worst_case_seconds(config: Any) -> float:
    assert config.retries["mode"] == "standard"
    attempts = config.retries["total_max_attempts"]
    backoffs = sum(longest_backoff(n) for n in range(1, attempts))
    worst: float = attempts * (config.connect_timeout + config.read_timeout) + backoffs
    return worst


def test_who_waits_gets_an_answer() -> None:
    config: Any = create_client("eu-central-1").meta.config
    function = SOURCE["Resources"]["IssueTokenFunction"]["Properties"]["Timeout"]
    integration = SOURCE["Resources"]["FunctionIntegration"]["Properties"]

    assert worst_case_seconds(config) + REST_SECONDS < function
    # The exchange is a second call, and begins only if the first was quick.
    assert worst_case_seconds(config) + LATEST_EXCHANGE_MS / 1000 < function
    assert function < integration["TimeoutInMillis"] / 1000
    # The init phase waits for a connection no longer than a call would.
    assert 0 < OPENING_SECONDS <= config.connect_timeout
