"""The runtime that Lambda would provide: interpreter, runtime client and variables.

A built package must stand alone. So the function's process gets the interpreter that the
virtual environment was made from, without any site-packages, and one directory that holds
awslambdaric, what that imports, and nothing else.
"""

import compileall
import importlib.util
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from tools import ARCHITECTURE
from tools.local.runtime.environment import ACCOUNT, StartError

REGION = "eu-central-1"
FUNCTION_NAME = "openid-token"
_BOOTSTRAP = "lambda_platform_bootstrap"
_CLIENT_MODULES = ("awslambdaric", "runtime_client", "simplejson", "snapshot_restore_py")


def emulator_binary() -> Path:
    """AWS's runtime interface emulator for this machine, as aws-sam-cli ships it.

    Raises:
        StartError: it can't run here, and why.
    """
    if sys.platform != "linux":
        raise StartError(f"AWS's runtime interface emulator needs Linux, this is {sys.platform}")
    samcli = importlib.util.find_spec("samcli")
    if samcli is None or samcli.origin is None:
        raise StartError("aws-sam-cli, which ships the runtime interface emulator, is missing")
    name = f"aws-lambda-rie-{ARCHITECTURE}"
    binary = Path(samcli.origin).parent / "local" / "rapid" / name
    if not os.access(binary, os.X_OK):
        raise StartError(f"the installed aws-sam-cli has no executable {name}")
    if importlib.util.find_spec("runtime_client") is None:
        raise StartError("the installed awslambdaric has no native client for this machine")
    return binary


def interpreter() -> str:
    """The Python that the virtual environment was made from."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def lay_out(directory: Path) -> Path:
    """Fill `directory` with the runtime client; returns the bootstrap that runs a handler.

    Lambda's own runtime client is compiled, so this one's bytecode is made here as well:
    else compiling it would count as the function's cold start.
    """
    for name in _CLIENT_MODULES:
        source = _source(name)
        (directory / source.name).symlink_to(source)
        if source.is_dir():
            compileall.compile_dir(source, quiet=2, maxlevels=0)
    (directory / f"{_BOOTSTRAP}.py").write_text(
        Path(__file__).with_name("bootstrap.py").read_text()
    )
    compileall.compile_dir(directory, quiet=2, maxlevels=0)
    script = directory / "bootstrap"
    python = shlex.quote(interpreter())
    script.write_text(f'#!/bin/sh\nexec {python} -BsS -m {_BOOTSTRAP} "$_HANDLER"\n')
    script.chmod(0o700)
    return script


def _source(module: str) -> Path:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise StartError(f"the runtime client's module {module} is missing")
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def client_variables(directory: Path) -> dict[str, str]:
    """Where the runtime client is, for a directory that was laid out."""
    return {"LAMBDA_RUNTIME_DIR": str(directory), "PYTHONPATH": str(directory)}


def variables(
    package: Path, handler: str, timeout_seconds: int, memory_megabytes: int
) -> dict[str, str]:
    """The variables that Lambda sets for a function, and none of the caller's own."""
    return {
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(memory_megabytes),
        "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout_seconds),
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{FUNCTION_NAME}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": REGION,
        "AWS_XRAY_CONTEXT_MISSING": "LOG_ERROR",
        "AWS_XRAY_DAEMON_ADDRESS": "127.0.0.1:2000",
        "LAMBDA_TASK_ROOT": str(package),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": handler,
    }


def function_arn(variables: Mapping[str, str]) -> str:
    """The ARN that the function is invoked by."""
    region, name = variables["AWS_REGION"], variables["AWS_LAMBDA_FUNCTION_NAME"]
    return f"arn:aws:lambda:{region}:{ACCOUNT}:function:{name}:live"
