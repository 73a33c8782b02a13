"""The authorizer of `make serve AUTHORIZER=path/to/app.py`, in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tools.local.commands.stack import CannotRunError
from tools.local.workers import Worker, working

# The longest that an HTTP API waits for a Lambda authorizer.
_SECONDS: Final = 10
_PYTHON: Final = (sys.executable, "-s")
_EXPECTED: Final = (
    "AUTHORIZER must be a Python file that can be imported with what is in .venv, and has a"
    " handler(event, context) or lambda_handler, as the short one in docs/own-login.md"
)
# Prints the first of the names that the module has a function of.
_FIND: Final = """
import sys
module, *names = sys.argv[1:]
has = vars(__import__(module))
print(end="\\0" + next((name for name in names if callable(has.get(name))), ""))
"""


@contextmanager
def authorizing(file: str, session_key: str) -> Iterator[Worker]:
    """A worker for the authorizer in this file, which gets the variables of this shell; once it has
    been imported, so that its author sees at the start what is wrong with it.

    Raises:
        CannotRunError: it is no authorizer, or can't be imported.
    """
    app = Path(file).resolve()
    if not app.exists():
        raise CannotRunError(f"AUTHORIZER={file} is not there")
    if app.suffix != ".py" or not app.is_file():
        raise CannotRunError(f"{_EXPECTED}: {file}")
    variables = {
        **os.environ,
        "SESSION_KEY": session_key,
        "PYTHONPATH": str(app.parent),
        # What it prints is shown at once.
        "PYTHONUNBUFFERED": "1",
        "AWS_REGION": "eu-central-1",
        "AWS_LAMBDA_FUNCTION_NAME": "authorizer",
    }
    command = [*_PYTHON, "-BPc", _FIND, app.stem, "handler", "lambda_handler"]
    done = subprocess.run(command, env=variables, stdout=subprocess.PIPE, text=True, check=False)
    said, _, name = done.stdout.partition("\0")
    print(said, end="", flush=True)
    if not name:
        raise CannotRunError(f"{_EXPECTED}: {file}")
    with working(_PYTHON, f"{app.stem}.{name}", variables, _SECONDS) as worker:
        yield worker
