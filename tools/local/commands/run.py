"""`make run`: one token through every door and some refusals, so that a person sees them.

With `EVENT=path` it sends just that event and prints the answer whole: whoever names an event
is its caller, and the token in it is theirs. In what it sends by itself, every token, login
value and tag value is masked, because nobody asked for those.

With `POOL` and `PROVIDER` it uses the real Cognito, where a login that is new creates an identity.
"""

import json
import os
import sys
from pathlib import Path

from tools.local import samples
from tools.local.commands.demonstration import Step, steps
from tools.local.commands.masking import legible, masked
from tools.local.commands.stack import CannotRunError, Stack, exit_status, running

_NEXT = """
All as expected.

Next: `make serve` keeps this running, with a page to try it; `make run EVENT=events/direct.json`
sends one event, and one of yours as well; README.md, "Deploy it", puts it into your AWS account."""


def run(package: Path) -> int:
    """0 only if every answer was the expected one."""
    pool, provider = os.environ.get("POOL"), os.environ.get("PROVIDER")
    with running(package, pool=pool, provider=provider) as stack:
        print(stack.notice, flush=True)
        if event := os.environ.get("EVENT"):
            return _send(Path(event), stack)
        failed = [step.title for step in steps(stack) if not _show(step)]
        if not failed:
            print(_NEXT)
            return 0
        print(f"\nNot as expected: {'; '.join(failed)}", file=sys.stderr)
        log = stack.workers[0].logs().splitlines()[-20:]
        print("\nThe end of the function's log:", *log, sep="\n", file=sys.stderr)
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
    refused = isinstance(answer.payload, dict) and answer.payload.get("statusCode", 200) >= 400
    return 1 if answer.error_type or refused else 0


def _show(step: Step) -> bool:
    print(f"\n== {step.title}")
    print(json.dumps(masked(step.payload), indent=2))
    is_it = "as expected" if step.is_as_expected else "FAILED: this was expected"
    print(f"-- {is_it}: {step.expected}", flush=True)
    return step.is_as_expected


if __name__ == "__main__":
    sys.exit(exit_status(run, interrupted=130))
