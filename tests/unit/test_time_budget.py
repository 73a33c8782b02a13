"""Attempts < the function's time-out < the API's: who waits gets an answer."""

from pathlib import Path
from typing import Any

import yaml
from botocore.retries import standard

from openid_token.cognito import OPENING_SECONDS, create_client

_TEMPLATE = Path(__file__).parents[2] / "template.yaml"
# What the function needs besides the call: cold start, the record, the answer.
_REST_SECONDS = 3


class _Loader(yaml.SafeLoader):
    """Reads the template; what CloudFormation's own tags stand for is not needed here."""


_Loader.add_multi_constructor("!", lambda loader, tag, node: None)


def _properties(resource: str) -> dict[str, Any]:
    template = yaml.load(_TEMPLATE.read_text(), _Loader)
    properties: dict[str, Any] = template["Resources"][resource]["Properties"]
    return properties


def _longest_backoff(attempt: int) -> float:
    """As botocore computes it after that attempt, with the worst luck."""
    context = standard.RetryContext(attempt_number=attempt)
    seconds: float = standard.ExponentialBackoff(random=lambda: 1.0).delay_amount(context)
    return seconds


def _worst_case_seconds() -> float:
    config: Any = create_client("eu-central-1").meta.config
    assert config.retries["mode"] == "standard"
    attempts = config.retries["total_max_attempts"]
    backoffs = sum(_longest_backoff(n) for n in range(1, attempts))
    worst: float = attempts * (config.connect_timeout + config.read_timeout) + backoffs
    return worst


def test_all_attempts_end_before_the_function_times_out() -> None:
    timeout = _properties("IssueTokenFunction")["Timeout"]

    assert 0 < _worst_case_seconds() + _REST_SECONDS < timeout


def test_the_function_times_out_before_the_api_does() -> None:
    function = _properties("IssueTokenFunction")["Timeout"]

    assert function < _properties("FunctionIntegration")["TimeoutInMillis"] / 1000


def test_the_init_phase_waits_for_the_connection_no_longer_than_for_a_connect() -> None:
    config: Any = create_client("eu-central-1").meta.config

    assert 0 < OPENING_SECONDS <= config.connect_timeout
