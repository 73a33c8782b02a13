"""MiniStack, an AWS on loopback that enforces signatures and IAM, for this user alone; nothing of
it is left behind."""

import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import urllib3

from tools import ROOT
from tools.environment import StartError

REGION = "eu-central-1"
# The account's root: no bucket refuses it plain HTTP. Its signatures are not verified, so that its
# id must be a secret.
ROOT_KEYS = dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), secrets.token_hex(16))
_START_SECONDS = 60
_END_SECONDS = 10


@contextmanager
def running(environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run it on a free port, and its functions, with these variables; yields its endpoint.

    Raises:
        StartError: it is not installed, or did not come up.
    """
    python = ROOT / ".venv-deployed" / "bin" / "python"
    if not python.exists():
        raise StartError("MiniStack is not installed: make .venv-deployed/.ready")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with tempfile.TemporaryDirectory(prefix="ministack-") as directory:
        settings = {
            "PATH": os.environ["PATH"],
            "HOME": directory,
            "TMPDIR": directory,
            "STATE_DIR": directory,
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": port,
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            **ROOT_KEYS,
            **(environment or {}),
        }
        with Path(directory, "log").open("wb") as log:
            process = subprocess.Popen(
                [str(python), "-m", "tools.emulated_aws.guarded"],
                cwd=ROOT,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # Its functions are of its process group. A pipe to the guard closes when we end, however
        # we end; the guard then acts.
        guard = ["/bin/sh", "-c", 'read -r _; kill -s KILL -- "-$1"; rm -rf "$2"', "guard"]
        with subprocess.Popen(
            [*guard, str(process.pid), directory],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ):
            yield _ready(process, f"http://127.0.0.1:{port}")
        process.wait(_END_SECONDS)


def _ready(process: subprocess.Popen[bytes], endpoint: str) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib3.request("GET", f"{endpoint}/_ministack/health", retries=False)
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
        else:
            return endpoint
    raise StartError("MiniStack did not start")


def root_client(service: str, endpoint: str) -> Any:
    """A client of the account's root."""
    keys = {name.lower(): key for name, key in ROOT_KEYS.items()}
    return boto3.client(service, REGION, endpoint_url=endpoint, **keys)  # type: ignore[call-overload]


def caller(endpoint: str) -> dict[str, str]:
    """The variables of a new user who may do everything, and whose signatures are verified."""
    iam = root_client("iam", endpoint)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": everything})
    iam.create_user(UserName="caller")
    iam.put_user_policy(UserName="caller", PolicyName="everything", PolicyDocument=policy)
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    return {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }
