"""An AWS SDK that knows no more than its environment variables, asked who it is."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools.local.cognito.embedded import Cognito
from tools.local.commands.variables import sdk_variables

# A process of its own, because a session reads the variables of its process.
_PROGRAM = """
import boto3, json
session = boto3.Session()
caller = session.client("sts").get_caller_identity()
print(json.dumps({"by": session.get_credentials().method, "Arn": caller["Arn"]}))
"""


def who_am_i(url: str, jwt: str, cognito: Cognito) -> Any:
    """What boto3 says for the user of the JWT: `by` is where it found its credentials, `Arn` what
    AWS takes it for. Or the last line of what it says when it can't tell."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "jwt")
        file.write_text(jwt)
        variables = {
            "PATH": os.environ.get("PATH", os.defpath),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_DEFAULT_REGION": cognito.identity_pool_id.partition(":")[0],
            **sdk_variables(url, file, cognito),
        }
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM],
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        return {"error": done.stderr.strip().rpartition("\n")[2]}
    return json.loads(done.stdout)
