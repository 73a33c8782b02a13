"""`make run`: one token through every door and some refusals, so that a person sees them; each with
what the function wrote, which is the audit record of its decision.

With `EVENT=path` it sends just that event and prints the answer whole: whoever names an event
is its caller, and the token in it is theirs. In what it sends by itself, every token, login
value and tag value is masked, because nobody asked for those.

With `POOL` and `PROVIDER` it uses the real Cognito, where a login that is new creates an identity.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Final

from tools.local import samples
from tools.local.cognito.embedded import PROVIDER
from tools.local.commands.demonstration import Step, steps
from tools.local.commands.showing import legible, masked, written
from tools.local.commands.stack import CannotRunError, Stack, exit_status, running

_NEXT = """
All as expected.

Next: `make serve` keeps this running, with a page to try it; `make run EVENT=events/direct.json`
sends one event, and one of yours as well; README.md, "Deploy it", puts it into your AWS account."""
_STAND_IN: Final = f"""
In an event, {samples.POOL} stands for this run's pool and
{samples.ISSUER} for its users' issuer; the pool's developer provider is {PROVIDER}.
Another pool, provider or issuer is refused."""
_FORMS: Final = {
    "POOL": (r"[\w-]+:[0-9a-f-]+", "an identity pool's id, of the form REGION:GUID"),
    "PROVIDER": (r"[\w.-]+", "the pool's developer provider name: letters, digits, '.', '_', '-'"),
}


def run(package: Path) -> int:
    """0 only if every answer was the expected one."""
    given = {name: os.environ.get(name) for name in _FORMS}
    for name, (pattern, form) in _FORMS.items():
        if (value := given[name]) and not re.fullmatch(pattern, value, re.ASCII):
            raise CannotRunError(f"{name} must be {form}")
    with running(package, pool=given["POOL"], provider=given["PROVIDER"]) as stack:
        print(stack.notice, flush=True)
        if event := os.environ.get("EVENT"):
            return _send(Path(event), stack)
        worker = stack.workers[0]
        failed = [step.title for step in steps(stack) if not _show(step, worker.news())]
        if not failed:
            print(_NEXT)
            return 0
        print(f"\nNot as expected: {'; '.join(failed)}", file=sys.stderr)
        return 1


def _send(path: Path, stack: Stack) -> int:
    try:
        event = samples.load(path, stack.cognito, stack.jwt_issuer.url)
    except OSError as error:
        raise CannotRunError(f"{path} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise CannotRunError(f"{path} is not JSON: {error}") from None
    answer = stack.workers[0].invoke(event)
    print(json.dumps(legible(answer.payload), indent=2))
    print(*written(stack.workers[0].news()), sep="\n")
    refused = isinstance(answer.payload, dict) and answer.payload.get("statusCode", 200) >= 400
    if not answer.error_type and not refused:
        return 0
    print(_STAND_IN, file=sys.stderr)
    return 1


def _show(step: Step, log: str) -> bool:
    print(f"\n== {step.title}")
    if step.status:
        print(f"HTTP {step.status}")
    # A line for each name.
    lines = (f"  {json.dumps(name)}: {json.dumps(it)}" for name, it in masked(step.body).items())
    print("{", ",\n".join(lines), "}", *written(log), sep="\n")
    is_it = "as" if step.is_as_expected else "FAILED,"
    print(f"-- {is_it} expected: {step.expected}", flush=True)
    return step.is_as_expected


if __name__ == "__main__":
    sys.exit(exit_status(run, interrupted=130))
