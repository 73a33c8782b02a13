"""pip, which this machine's settings tell where packages come from, and nothing else. As a program
it installs into the environment of its Python."""

import ast
import os
import subprocess
import sys
from typing import Final

_PIP: Final = (sys.executable, "-I", "-m", "pip")
_INSTALL: Final = (
    "install --quiet --disable-pip-version-check --require-hashes --no-deps --no-compile"
)
_WHERE: Final = {
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX", "PIP_FIND_LINKS", "PIP_TRUSTED_HOST"),
    *("PIP_PROXY", "PIP_CERT", "PIP_CLIENT_CERT", "PIP_KEYRING_PROVIDER", "PIP_DEFAULT_TIMEOUT"),
}


def install(*options: str) -> subprocess.CompletedProcess[str]:
    """Run `pip install` with these options, for a lock with hashes."""
    kept = {*_WHERE, "PIP_CONFIG_FILE"}
    given = {n: value for n, value in os.environ.items() if n in kept or not n.startswith("PIP_")}
    # Else a file's `user` or `quiet` would be that of `pip config`.
    told = _run(given | {"PIP_USER": "0", "PIP_QUIET": "0"}, "config", "list").stdout
    # What its files say of `pip install` alone comes last, and goes before what they say of pip.
    for line in reversed(told.splitlines()):
        key, _, value = line.partition("=")
        name = f"PIP_{key.rpartition('.')[2].replace('-', '_').upper()}"
        if name in _WHERE:
            given.setdefault(name, ast.literal_eval(value))
    return _run(given | {"PIP_CONFIG_FILE": os.devnull}, *_INSTALL.split(), *options)


def _run(variables: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    command = [*_PIP, *words]
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    finished = install(*sys.argv[1:])
    sys.exit(finished.stderr if finished.returncode else None)
