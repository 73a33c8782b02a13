"""No import of what stays in the package can fail because of what was pruned, and it works beside
what a layer may bring and botocore, urllib3, Powertools and dateutil look for.

Lambda finds the package before any layer, so the neighbours come behind it here too.
"""

import ast
import json
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path

import pytest

from tests.kit.builders import IDENTITY, TOKEN, arguments
from tests.kit.built import ROOT
from tests.kit.cognito import Cognito, served
from tests.package.conftest import run_alone

NEIGHBOURS = ROOT / ".venv-neighbours" / "lib" / "python3.13" / "site-packages"
# As they are imported.
NAMES = [
    *("OpenSSL", "aws_xray_sdk", "awscrt", "brotli", "ddtrace", "h2", "orjson"),
    *("pydantic", "sentry_sdk", "simplejson", "socks", "zstandard"),
]
# Prints what could not be imported, and why.
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
ISSUE = """
import json, sys, types
import ddtrace.auto
from botocore import auth
from openid_token.handler import handler
context = types.SimpleNamespace(
    aws_request_id="", function_name="", invoked_function_arn="", memory_limit_in_mb=1
)
signer = auth.AUTH_TYPE_MAPS["v4"].__module__
print(json.dumps([auth.__file__, signer, handler(json.load(sys.stdin), context)]))
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
beside_neighbours = pytest.mark.skipif(
    not NEIGHBOURS.exists(), reason="there are no neighbours: make .venv-neighbours/.ready"
)


def imported(source: Path, package: Path) -> Iterator[str]:
    """The modules that `source` names, wherever in it."""
    within = ".".join(source.relative_to(package).parts[:-1])
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield resolve_name("." * node.level + (node.module or ""), within)


@pytest.mark.parametrize(
    ("neighbours", "fail"),
    # The one that does not work alone is for a layer with awscrt.
    [(None, ["botocore.crt.auth"]), pytest.param(NEIGHBOURS, [], marks=beside_neighbours)],
)
def test_each_module_that_stays_can_be_imported(
    built_package: Path, neighbours: Path | None, fail: list[str]
) -> None:
    sources = (path.relative_to(built_package) for path in built_package.rglob("*.py"))
    modules = sorted(".".join(source.with_suffix("").parts) for source in sources)
    names = [*(NAMES if neighbours else ()), *(name.removesuffix(".__init__") for name in modules)]
    assert "openid_token.handler" in names
    said = run_alone(built_package, IMPORT_ALL, given=json.dumps(names), behind=neighbours)
    assert list(json.loads(said)) == fail


def test_what_was_pruned_is_imported_by_nothing_that_runs(built_package: Path) -> None:
    ours = {path.name.partition(".")[0] for path in built_package.iterdir()}
    # six makes modules of its own.
    ours.remove("six")
    sources = built_package.rglob("*.py")
    names = {name for source in sources for name in imported(source, built_package)}
    paths = {n: built_package / n.replace(".", "/") for n in names if n.partition(".")[0] in ours}
    there = {n for n, its in paths.items() if its.is_dir() or [*its.parent.glob(f"{its.name}.*")]}
    assert paths.keys() - there == NEVER_REACHED


@beside_neighbours
def test_a_token_is_issued_beside_neighbours(built_package: Path) -> None:
    """With `awscrt` in the process it is botocore's signer of that name that signs."""
    with served(Cognito()) as url:
        printed = run_alone(
            built_package,
            ISSUE,
            given=json.dumps(arguments()),
            behind=NEIGHBOURS,
            AWS_ENDPOINT_URL_COGNITO_IDENTITY=url,
        )
    file, signer, result = json.loads(printed.splitlines()[-1])
    assert Path(file).is_relative_to(built_package)
    assert signer == "botocore.crt.auth"
    assert (result["identity_id"], result["token"]) == (IDENTITY, TOKEN)
