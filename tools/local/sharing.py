"""Shares several execution environments between requests, as Lambda does."""

import queue
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from tools.environment import Answer, Environment, TimedOutError

# Of API Gateway's integrations.
LIMIT_SECONDS = 29.0

type Invoke = Callable[[Any, str], Answer]
"""Invokes the function with an event and a trace id. Raises `OverloadedError` past the limit, and
`EmulationError` as the environment does."""


class OverloadedError(TimedOutError):
    """The limit passed: no environment became free, or the invocation took too long."""


@contextmanager
def shared[E: Environment](
    environments: Sequence[E], then: Callable[[E], None] = lambda _: None
) -> Iterator[Invoke]:
    """An `Invoke` that takes a free environment for each call, and waits for one if need be.
    `then` is called with the environment after each."""
    free: queue.SimpleQueue[E] = queue.SimpleQueue()
    for environment in environments:
        free.put(environment)

    def in_a_free_one(event: Any, trace_id: str) -> Answer:
        environment = free.get()
        try:
            return environment.invoke(event, trace_id=trace_id)
        finally:
            then(environment)
            free.put(environment)

    threads = ThreadPoolExecutor(len(environments))

    def invoke(event: Any, trace_id: str) -> Answer:
        future = threads.submit(in_a_free_one, event, trace_id)
        try:
            return future.result(LIMIT_SECONDS)
        except TimeoutError:
            future.cancel()
            raise OverloadedError(f"no answer within {LIMIT_SECONDS:g} seconds") from None

    try:
        yield invoke
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
