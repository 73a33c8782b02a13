"""pip, which this machine's settings tell where packages come from, and nothing else.

    python -m tools.packager.wheels OPTION...

installs into the virtual environment of that Python.
"""

import ast
import os
import subprocess
import sys
from typing import Final

_PIP: Final = (sys.executable, "-I", "-m", "pip")
_INSTALL: Final = (
    *("install", "--quiet", "--disable-pip-version-check"),
    *("--require-hashes", "--no-deps", "--no-compile"),
)
# Of pip's variables and of its files.
_WHERE: Final = {
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS"),
    *("PIP_TRUSTED_HOST", "PIP_PROXY", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_KEYRING_PROVIDER"),
    *("PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT"),
}


def install(*options: str) -> subprocess.CompletedProcess[str]:
    """Run `pip install` with these options, for a lock with hashes."""
    return _pip(_where(), *_INSTALL, *options)


def _where() -> dict[str, str]:
    """The variables that say it, wherever it was set; no file is read beside them."""
    kept = {*_WHERE, "PIP_CONFIG_FILE"}
    found = {n: v for n, v in os.environ.items() if n in kept or not n.startswith("PIP_")}
    # What holds for `pip install` alone comes last, and goes before what holds for all of pip.
    for line in reversed(_pip(found, "config", "list").stdout.splitlines()):
        key, _, value = line.partition("=")
        name = f"PIP_{key.rpartition('.')[2].replace('-', '_').upper()}"
        if name in _WHERE:
            found.setdefault(name, ast.literal_eval(value))
    return found | {"PIP_CONFIG_FILE": os.devnull}


def _pip(variables: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [*_PIP, *options]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    finished = install(*sys.argv[1:])
    sys.stderr.write(finished.stderr)
    sys.exit(finished.returncode)
