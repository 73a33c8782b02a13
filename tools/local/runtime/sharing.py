"""Shares several execution environments between requests, as Lambda does."""

import queue
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

from tools.local.runtime.environment import Answer, Environment, TimedOutError


class Invoke(Protocol):
    """Invokes the function with an event in some environment."""

    def __call__(self, event: Any, trace_id: str, limit_seconds: float) -> Answer:
        """Raises `TimedOutError` past the limit, and `EmulationError` as the environment does."""


class OverloadedError(TimedOutError):
    """The limit passed: no environment became free, or the invocation took too long."""


@contextmanager
def shared(environments: Sequence[Environment]) -> Iterator[Invoke]:
    """An `Invoke` that takes a free environment for each call, and waits for one if need be."""
    free: queue.SimpleQueue[Environment] = queue.SimpleQueue()
    for environment in environments:
        free.put(environment)

    def in_a_free_one(event: Any, trace_id: str) -> Answer:
        environment = free.get()
        try:
            return environment.invoke(event, trace_id=trace_id)
        finally:
            free.put(environment)

    workers = ThreadPoolExecutor(len(environments), thread_name_prefix="environment")

    def invoke(event: Any, trace_id: str, limit_seconds: float) -> Answer:
        future = workers.submit(in_a_free_one, event, trace_id)
        try:
            return future.result(limit_seconds)
        except TimeoutError:
            future.cancel()
            raise OverloadedError(f"no answer within {limit_seconds:g} seconds") from None

    try:
        yield invoke
    finally:
        workers.shutdown(wait=False, cancel_futures=True)
