"""What is compiled while the package is built is the same on any host, and is all there is."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

from tests.package.conftest import run_alone
from tools.packager import build

FILE: Final = "openid_token/patterns.json"
# As a Mac's standard library looks there.
MAC: Final = """
import runpy, sys, types
sys.platform = "darwin"
sys.modules["_scproxy"] = types.SimpleNamespace(_get_proxies=dict, _get_proxy_settings=dict)
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
# Prints who compiles, while the function loads in the runtime, for a module as a whole.
COMPILING: Final = """
import json, re, sys
callers, compile_one = [], re._compiler.compile
def note(pattern, flags=0):
    caller = sys._getframe(3)
    # A function's names are optimized, a module's and a class's are not.
    if isinstance(pattern, str) and not caller.f_code.co_flags & 1:
        callers.append(caller.f_globals["__name__"])
    return compile_one(pattern, flags)
import msgspec, pathlib
re._compiler.compile = note
import openid_token.handler
print(json.dumps(callers))
"""


def test_a_mac_writes_the_same_for_either_processor(package: Path, built_package: Path) -> None:
    script = Path(build.__file__).with_name("patterns.py")
    command = [sys.executable, "-I", "-S", "-B", "-c", MAC, str(script), str(built_package)]
    ours = (package / FILE).read_bytes()
    assert ours == (built_package / FILE).read_bytes() == subprocess.check_output(command)


def test_no_module_compiles_when_it_is_imported_but_ours(built_package: Path) -> None:
    """In the runtime's version, which is the one that builds: another's would not be read."""
    nobody = "http://127.0.0.1:9"
    said = run_alone(built_package, COMPILING, AWS_ENDPOINT_URL_COGNITO_IDENTITY=nobody)
    assert {name.partition(".")[0] for name in json.loads(said)} == {"openid_token"}
