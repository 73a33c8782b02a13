"""What a token costs, from the benchmark's figures and the public prices."""

import json
from collections.abc import Mapping
from typing import Any, Final

from tools import ROOT

_RESULTS: Final = ROOT / "tools" / "benchmarks" / "results.json"

# US East (N. Virginia), arm64, first tier, in US dollars: see docs/capacity.md for the day.
GATEWAY_MILLION: Final = 1.00
REQUEST_MILLION: Final = 0.20
GB_SECOND: Final = 0.0000133334
PROVISIONED_GB_SECOND: Final = 0.0000033334
SNAPSHOT_GB_SECOND: Final = 0.0000015046
RESTORE_GB: Final = 0.0001397998
LOGS_GB: Final = 0.50
TRACE_MILLION: Final = 5.00

# "At 1,769 MB, a function has the equivalent of one vCPU", says Lambda's guide.
_MEGABYTES_OF_A_CORE: Final = 1769
# A token's lines in the logs: 1,200 measured (the record, the metrics), the rest estimated
# (Lambda's own, API Gateway's access log, and 26 bytes that CloudWatch adds to each).
LOG_BYTES: Final = 2300
# X-Ray's default rule records one request a second and 5 % of the others; here at 50 a second.
TRACED: Final = (1 + 0.05 * 49) / 50


def measured() -> Mapping[str, Any]:
    """The benchmark's medians for the API door."""
    spreads = json.loads(_RESULTS.read_text())["ours, API door"]
    return {figure: spread[1] for figure, spread in spreads.items() if isinstance(spread, list)}


def own_seconds(megabytes: int) -> float:
    """The function's own part of a warm call, with the share of a core that the memory brings."""
    return _on_share(measured()["warm_cpu_us"] / 1e6, megabytes)


def start_seconds(megabytes: int) -> float:
    """What Lambda bills for a cold start; the init phase has a full core at any size."""
    figures = measured()
    first = _on_share(figures["first_call_cpu_ms"] / 1e3, megabytes)
    return float(figures["init_cpu_ms"]) / 1e3 + first


def of_a_million(megabytes: int, answer_seconds: float) -> dict[str, float]:
    """US dollars for a million tokens over HTTP, by what they go to."""
    seconds = own_seconds(megabytes) + answer_seconds
    return {
        "API Gateway": GATEWAY_MILLION,
        "Lambda, requests": REQUEST_MILLION,
        "Lambda, duration": 1e6 * seconds * megabytes / 1024 * GB_SECOND,
        "logs": LOG_BYTES / 1e3 * LOGS_GB,
        "traces": TRACED * TRACE_MILLION,
    }


def _on_share(core_seconds: float, megabytes: int) -> float:
    return core_seconds / min(1, megabytes / _MEGABYTES_OF_A_CORE)
