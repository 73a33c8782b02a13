"""What every local execution environment of the function has, whatever it runs in.

EmulationError
├── StartError     it can't run here, or didn't come up
├── DiedError      it ended while it was in use
└── TimedOutError  an invocation passed its limit; the next one gets a fresh process
"""

import os
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

ACCOUNT = "123456789012"
REGION = "eu-central-1"
FUNCTION_NAME = "openid-token"


class EmulationError(Exception):
    """The environment failed, as opposed to the function that runs in it."""


class StartError(EmulationError):
    """It can't run here, or didn't come up; the message says why."""


class DiedError(EmulationError):
    """It ended while it was in use."""


class TimedOutError(EmulationError):
    """An invocation passed its limit, the function's timeout included."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one invocation answered.

    `payload` is the function's result, or the error object `{errorType, errorMessage, …}`
    as a direct caller of Lambda gets it. It may hold a token, so `repr` leaves it out.
    `error_type` is `None` exactly when the function returned.
    """

    payload: Any = field(repr=False)
    error_type: str | None = None
    error_message: str | None = None

    @classmethod
    def of_error(cls, error: Mapping[str, Any]) -> "Answer":
        """The answer that is this error object."""
        return cls(error, error.get("errorType"), error.get("errorMessage"))


class Environment(Protocol):
    """One execution environment: like Lambda's, it serves one invocation at a time."""

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke with an event, or with `bytes` that are the event's JSON text as it is.

        `trace_id` is the X-Ray header (`Root=…;Parent=…;Sampled=1`); left out, a new sampled
        one is made, as Lambda's active tracing does.

        Raises:
            StartError, DiedError, TimedOutError: the environment failed; the function's own
                errors are in the answer.
        """

    def logs(self) -> str:
        """All that the function and its runtime have printed so far."""


def variables(
    package: Path, handler: str, timeout_seconds: int, memory_megabytes: int
) -> dict[str, str]:
    """The variables that Lambda sets for a function, and none of the caller's own."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_megabytes),
        "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_seconds),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{FUNCTION_NAME}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": REGION,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": str(package),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": handler,
    }


def function_arn(variables: Mapping[str, str]) -> str:
    """The ARN that the function is invoked by."""
    region, name = variables["AWS_REGION"], variables["AWS_LAMBDA_FUNCTION_NAME"]
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}:live"


def interpreter() -> str:
    """The Python that the virtual environment was made from: without its packages."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def new_trace_id() -> str:
    """A sampled X-Ray header, as Lambda's active tracing starts one."""
    root = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return f"Root={root};Parent={secrets.token_hex(8)};Sampled=1"
