"""The model: one simulated request after the other, on SimPy's clock in seconds."""

import random
from collections.abc import Generator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

import simpy

type _Process[T] = Generator[simpy.Event, Any, T]

# botocore's `retries/standard.py` and `retries/quota.py`.
_RETRY_CAPACITY: Final = 500
_RETRY_COST: Final = 5
_LONGEST_BACKOFF: Final = 20


class End(StrEnum):
    """What became of a request."""

    ISSUED = "issued"
    THROTTLED = "refused by API Gateway"
    REFUSED = "refused by Cognito"


class Outcome(NamedTuple):
    """One request: `seconds` are the caller's, `billed` the function's."""

    end: End
    seconds: float
    billed: float
    busy: int


@dataclass(frozen=True)
class Settings:
    """Rates are a second, times in seconds. `throttle` is that of API Gateway's routes together,
    `None` at a direct door. `own` is the function's own part of a call, `cold` an environment's
    start. `answer` is the median time of Cognito's answers; nobody here has measured that, nor
    `refusal`."""

    quota: float = 50
    throttle: float | None = 50
    attempts: int = 3
    own: float = 0.008
    cold: float = 0.5
    answer: float = 0.04
    refusal: float = 0.01
    bulk: int = 0
    bulk_overhead: float = 0.06


@dataclass(slots=True)
class Bucket:
    """A token bucket that holds what a second brings."""

    rate: float
    level: float = field(init=False)
    since: float = 0

    def __post_init__(self) -> None:
        self.level = self.rate

    def take(self, now: float) -> bool:
        """Take one, if there is one."""
        self.level = min(self.rate, self.level + (now - self.since) * self.rate)
        self.since = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


@dataclass(slots=True)
class _Environment:
    """An execution environment; its client may try again as long as it has capacity for it."""

    capacity: int = _RETRY_CAPACITY


class Simulation:
    """One run. `outcomes` are the requests' of callers, `provided` counts the bulk workflow's."""

    def __init__(self, settings: Settings, rate: float, seconds: float, seed: int) -> None:
        self.settings, self.clock = settings, simpy.Environment()
        self.random = random.Random(seed)  # noqa: S311, no secret
        self.cognito, self.gateway = Bucket(settings.quota), Bucket(settings.throttle or 1)
        self.idle: list[_Environment] = []
        self.outcomes: list[Outcome] = []
        self.busy = self.arrivals = self.provided = 0
        self.clock.process(self._arrivals(rate, seconds))
        for _ in range(settings.bulk):
            self.clock.process(self._bulk(seconds))
        self.clock.run()

    def _arrivals(self, rate: float, seconds: float) -> _Process[None]:
        while True:
            yield self.clock.timeout(self.random.expovariate(rate))
            if self.clock.now >= seconds:
                return
            self.arrivals += 1
            self.clock.process(self._request())

    def _request(self) -> _Process[None]:
        began = self.clock.now
        if self.settings.throttle and not self.gateway.take(began):
            self.outcomes.append(Outcome(End.THROTTLED, 0, 0, self.busy))
            return
        self.busy += 1
        busy = self.busy
        end = yield from self._invocation()
        self.busy -= 1
        spent = self.clock.now - began
        self.outcomes.append(Outcome(end, spent, spent, busy))

    def _bulk(self, seconds: float) -> _Process[None]:
        """One of the bulk workflow's children after the other."""
        while self.clock.now < seconds:
            yield self.clock.timeout(self.settings.bulk_overhead)
            for attempt in range(6):
                if (yield from self._invocation()) is End.ISSUED:
                    self.provided += 1
                    break
                yield self.clock.timeout(self.random.random() * min(2 * 2**attempt, 30))

    def _invocation(self) -> _Process[End]:
        settings = self.settings
        if self.idle:
            environment = self.idle.pop()
        else:
            environment = _Environment()
            yield self.clock.timeout(settings.cold)
        yield self.clock.timeout(settings.own)
        end = yield from self._call(environment)
        self.idle.append(environment)
        return end

    def _call(self, environment: _Environment) -> _Process[End]:
        spent = 0
        for attempt in range(self.settings.attempts):
            if self.cognito.take(self.clock.now):
                yield self.clock.timeout(self.random.lognormvariate(0, 0.4) * self.settings.answer)
                environment.capacity = min(_RETRY_CAPACITY, environment.capacity + (spent or 1))
                return End.ISSUED
            yield self.clock.timeout(self.settings.refusal)
            is_last = attempt + 1 == self.settings.attempts
            if is_last or environment.capacity < _RETRY_COST:
                break
            spent = _RETRY_COST
            environment.capacity -= spent
            backoff = min(2**attempt, _LONGEST_BACKOFF)
            yield self.clock.timeout(self.random.random() * backoff)
        return End.REFUSED
