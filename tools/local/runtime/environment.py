"""What every local execution environment offers, and how it fails.

EmulationError
├── StartError     the emulator can't run here, or didn't come up
├── DiedError      the emulator ended while it was in use
└── TimedOutError  an invocation passed its limit; the next one gets a new runtime
"""

from dataclasses import dataclass, field
from typing import Any, Protocol

ACCOUNT = "123456789012"


class EmulationError(Exception):
    """The environment failed, as opposed to the function that runs in it."""


class StartError(EmulationError):
    """The emulator can't run here, or didn't come up; the message says why."""


class DiedError(EmulationError):
    """The emulator ended while it was in use."""


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
    error_type: str | None
    error_message: str | None


class Environment(Protocol):
    """One execution environment: like Lambda's, it serves one invocation at a time."""

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """Invoke with an event, or with `bytes` that are the event's JSON text as it is.

        `trace_id` is the X-Ray header (`Root=…;Parent=…;Sampled=1`); left out, a new sampled
        one is made, as Lambda's active tracing does.

        Raises:
            DiedError, TimedOutError: the environment failed; the function's own errors are in
                the answer.
        """

    def logs(self) -> str:
        """All that the function and its runtime have printed so far."""

    @property
    def pid(self) -> int:
        """The process that the function runs in now.

        Raises:
            DiedError: there is none, as before the first invocation: Lambda's init is lazy here.
        """
