"""No import of what stays in the package can fail because of what was pruned."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from tests.package.conftest import run_alone

# Run without this machine's own packages; prints what could not be imported, and why.
IMPORT_ALL = """
import importlib, json, sys
failed = {}
for name in json.load(sys.stdin):
    try:
        importlib.import_module(name)
    except Exception as error:
        failed[name] = repr(error)
print(json.dumps(failed))
"""
# Imports inside functions, or that expect to fail: each for a package that is not there either.
NEVER_REACHED = {
    "aws_lambda_powertools.event_handler.openapi.compat",  # of a Pydantic model
    "botocore.customizations.useragent",  # AWS's own
    "dateutil.tz.win",  # on Windows
    "urllib3.contrib.emscripten",  # in a browser
    "urllib3.contrib.pyopenssl",  # with pyOpenSSL
    "urllib3.http2.connection",  # with h2
}


def modules(package: Path) -> Iterator[str]:
    for source in sorted(package.rglob("*.py")):
        parts = source.relative_to(package).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(source: Path, package: Path) -> Iterator[str]:
    """The modules that `source` names, wherever in it."""
    within = source.relative_to(package).parts[:-1]
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = within[: len(within) - node.level + 1] if node.level else ()
            yield ".".join([*parents, *filter(None, [node.module])])


def test_each_module_that_stays_can_be_imported(host_package: Path) -> None:
    names = list(modules(host_package))
    assert "openid_token.handler" in names
    failed = json.loads(run_alone(host_package, IMPORT_ALL, given=json.dumps(names)))
    assert list(failed) == ["botocore.crt.auth"]  # which is for a layer with awscrt


def test_what_was_pruned_is_imported_by_nothing_that_runs(package: Path) -> None:
    ours = {path.name.partition(".")[0] for path in package.iterdir()} - {"six"}  # it makes its own
    missing = set()
    for source in package.rglob("*.py"):
        for name in imported(source, package):
            path = package / name.replace(".", "/")
            is_there = path.is_dir() or list(path.parent.glob(f"{path.name}.*"))
            if name.partition(".")[0] in ours and not is_there:
                missing.add(name)
    assert missing == NEVER_REACHED
