"""An AWS SDK as a user has it: told nothing but its environment variables."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.local.cognito.embedded import Cognito

# A process of its own, because a session reads the variables of its process.
_PROGRAM = """
import boto3, json
session = boto3.Session()
caller = session.client("sts").get_caller_identity()
print(json.dumps({"by": session.get_credentials().method, "Arn": caller["Arn"]}))
"""


def _variables(url: str, jwt_file: str, cognito: Cognito) -> dict[str, str]:
    """The two variables of the container credentials provider, for a gateway at `url` and a file
    with nothing but the JWT in it; and where AWS is, if it is the embedded one. (Some SDKs read
    the region by the one name, some by the other.)"""
    named = {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{url}/me/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": jwt_file,
    }
    if cognito.endpoint_url:
        named["AWS_ENDPOINT_URL"] = cognito.endpoint_url
        named |= dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION"), cognito.region)
    return named


def exports(url: str, cognito: Cognito) -> str:
    """The shell's commands that set them, for a JWT in `user.jwt`."""
    named = _variables(url, '"$PWD/user.jwt"', cognito)
    return "\n".join(f"export {name}={value}" for name, value in named.items())


def outputs(url: str, cognito: Cognito) -> str:
    """The shell's commands that set what a stack's outputs would, for the guides' programs."""
    named = {
        "POOL": cognito.identity_pool_id,
        "PROVIDER": cognito.developer_provider_name,
        "TOKEN_ENDPOINT": f"{url}/token",
        "USER_TOKEN_ENDPOINT": f"{url}/me/token",
        "USER_CREDENTIALS_ENDPOINT": f"{url}/me/credentials",
        "USER_JWT": '"$(cat user.jwt)"',
    }
    return "\n".join(f"export {name}={value}" for name, value in named.items())


def who_am_i(url: str, jwt: str, cognito: Cognito) -> Any:
    """What boto3 says for the user of the JWT: `by` is where it found its credentials, `Arn` what
    AWS takes it for. Or the last line of what it says when it can't tell."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "jwt")
        file.write_text(jwt)
        environ = {
            "PATH": os.environ.get("PATH", os.defpath),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_DEFAULT_REGION": cognito.region,
            **_variables(url, str(file), cognito),
        }
        command = [sys.executable, "-c", _PROGRAM]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip().rpartition("\n")[2]}
    return json.loads(done.stdout)
