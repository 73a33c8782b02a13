"""It works beside what a layer may bring and botocore, urllib3, Powertools and dateutil look for.

Lambda finds the package before any layer, so the neighbours come behind it here too.
"""

import json
from pathlib import Path

import pytest

from tests.builders import IDENTITY, TOKEN, arguments
from tests.built import ROOT
from tests.cognito import Endpoint, answers
from tests.package.conftest import run_alone
from tests.package.test_imports import IMPORT_ALL, modules
from tests.runtime.sites import serving_at

NEIGHBOURS = ROOT / ".venv-neighbours" / "lib" / "python3.13" / "site-packages"
# As they are imported.
NAMES = [
    *("OpenSSL", "aws_xray_sdk", "awscrt", "brotli", "ddtrace", "h2", "orjson"),
    *("pydantic", "simplejson", "socks", "zstandard"),
]
ISSUE = """
import importlib.util, json, sys, types
layer, names, arguments = json.load(sys.stdin)
assert all(map(importlib.util.find_spec, names))
if layer:
    importlib.import_module(layer)
from botocore import auth
from openid_token.handler import handler
context = types.SimpleNamespace(
    aws_request_id="", function_name="", invoked_function_arn="", memory_limit_in_mb=1
)
signer = auth.AUTH_TYPE_MAPS["v4"].__module__
print(json.dumps([auth.__file__, signer, handler(arguments, context)]))
"""
pytestmark = pytest.mark.skipif(
    not NEIGHBOURS.exists(), reason="there are no neighbours: make .venv-neighbours/.ready"
)


def test_each_module_that_stays_can_be_imported(host_package: Path) -> None:
    given = json.dumps([*NAMES, *modules(host_package)])
    assert json.loads(run_alone(host_package, IMPORT_ALL, given=given, behind=NEIGHBOURS)) == {}


@pytest.mark.parametrize("layer", ["", "ddtrace.auto"])
def test_a_token_is_issued(host_package: Path, layer: str) -> None:
    """With `awscrt` in the process it is botocore's signer of that name that signs."""
    answer = json.dumps({"IdentityId": IDENTITY, "Token": TOKEN}).encode()
    with serving_at(Endpoint(answers(200, answer))) as url:
        printed = run_alone(
            host_package,
            ISSUE,
            given=json.dumps([layer, NAMES, arguments()]),
            behind=NEIGHBOURS,
            AWS_ENDPOINT_URL_COGNITO_IDENTITY=url,
            AWS_ACCESS_KEY_ID="AKIAEXAMPLE",
            AWS_SECRET_ACCESS_KEY="an example",
        )
    file, signer, result = json.loads(printed.splitlines()[-1])
    assert Path(file).is_relative_to(host_package)
    assert signer == "botocore.crt.auth"
    assert (result["identity_id"], result["token"]) == (IDENTITY, TOKEN)
