"""`make run`: one token through every door and some refusals, so that a person sees them.

With `EVENT=path` it sends just that event and prints the answer whole: whoever names an event
is its caller, and the token in it is theirs. In what it sends by itself, every token, login
value and tag value is masked, because nobody asked for those.

With `POOL` it uses the real Cognito, where a login that is new creates an identity.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from tools.local.commands import samples
from tools.local.commands.demonstration import Step, steps
from tools.local.commands.masking import masked
from tools.local.commands.options import exit_status, options
from tools.local.commands.stack import CannotRunError, Stack, running
from tools.local.runtime.environment import Environment


def main() -> int:
    """0 only if every answer was the expected one."""
    parser = options("Run the function and send it each sample of events/, or one event.")
    parser.add_argument(
        "--event", type=Path, default=os.environ.get("EVENT") or None, help="send only this event"
    )
    arguments = parser.parse_args()
    return exit_status(lambda: _run(arguments), interrupted=130)


def _run(arguments: argparse.Namespace) -> int:
    with running(arguments.package, pool=arguments.pool, provider=arguments.provider) as stack:
        print(stack.notice, flush=True)
        if arguments.event:
            return _send(Path(arguments.event), stack)
        failed = [step.title for step in steps(stack) if not _show(step)]
        if not failed:
            print("\nAll as expected.")
            return 0
        print(f"\nNot as expected: {'; '.join(failed)}", file=sys.stderr)
        _show_log(stack.environments[0])
        return 1


def _send(path: Path, stack: Stack) -> int:
    try:
        event = samples.load(path, stack.cognito)
    except OSError as error:
        raise CannotRunError(f"{path} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise CannotRunError(f"{path} is not JSON: {error}") from None
    answer = stack.environments[0].invoke(event)
    print(json.dumps(answer.payload, indent=2))
    refused = isinstance(answer.payload, dict) and answer.payload.get("statusCode", 200) >= 400
    return 1 if answer.error_type or refused else 0


def _show(step: Step) -> bool:
    print(f"\n== {step.title}")
    print(json.dumps(masked(step.payload), indent=2))
    is_it = "as expected" if step.is_as_expected else "FAILED: this was expected"
    print(f"-- {is_it}: {step.expected}", flush=True)
    return step.is_as_expected


def _show_log(environment: Environment) -> None:
    """The function's own lines; the emulator marks its with its name, "(rapid)"."""
    lines = [line for line in environment.logs().splitlines() if "(rapid)" not in line]
    print("\nThe end of the function's log:", *lines[-20:], sep="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
