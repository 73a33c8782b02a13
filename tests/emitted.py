"""What the function wrote: its log records and its metrics."""

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field

from openid_token import telemetry
from tests.builders import Json
from tests.doors import handler, invoke
from tests.fakes import FakeCognito, Wire


@dataclass
class Emitted:
    """The output of one block."""

    log: io.StringIO = field(default_factory=io.StringIO, repr=False)
    stdout: io.StringIO = field(default_factory=io.StringIO, repr=False)

    @property
    def records(self) -> list[Json]:
        """The log, one record a line."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]

    @property
    def record(self) -> Json:
        """The only record."""
        (record,) = self.records
        return record

    @property
    def metrics(self) -> list[Json]:
        """The metrics, one embedded metric format object a line; the cold start is left out."""
        lines = [json.loads(line) for line in self.stdout.getvalue().splitlines()]
        return [line for line in lines if "ColdStart" not in line]

    @property
    def text(self) -> str:
        """All of it."""
        return self.log.getvalue() + self.stdout.getvalue()


@contextmanager
def emitted() -> Iterator[Emitted]:
    """Collect what is written in the block."""
    (handler,) = logging.getLogger(telemetry.logger.name).handlers
    assert isinstance(handler, logging.StreamHandler)
    output = Emitted()
    before = handler.setStream(output.log)
    try:
        with redirect_stdout(output.stdout):
            yield output
    finally:
        handler.setStream(before)


def run(event: object, cognito: FakeCognito | Wire | None = None) -> Emitted:
    """What is written of one event."""
    with emitted() as output:
        invoke(handler(cognito), event)
    return output
