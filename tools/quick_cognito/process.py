"""Runs the quick Cognito, and leads clients to it."""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore
import trustme

from tools.local.runtime import processes


@dataclass(frozen=True, slots=True)
class QuickCognito:
    """A running one. `variables` lead a client to it."""

    variables: Mapping[str, str]
    process: subprocess.Popen[str]

    def end(self) -> int:
        """End it; returns how many tokens it issued."""
        out, _ = self.process.communicate(timeout=10)
        return int(out)


@contextmanager
def running(round_trip_milliseconds: float = 0) -> Iterator[QuickCognito]:
    """Run it until the block ends, or this process does.

    Its certificate's CA stands at the end of a copy of botocore's own bundle: a client reads as
    much, and searches as far, as it would for Cognito's own.
    """
    with tempfile.TemporaryDirectory() as directory:
        bundle, certificate = Path(directory) / "bundle.pem", Path(directory) / "server.pem"
        authority = trustme.CA()
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        botocores = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
        bundle.write_bytes(botocores + authority.cert_pem.bytes())
        arguments = (str(certificate), str(round_trip_milliseconds))
        with processes.serving("tools.quick_cognito.server", *arguments) as (process, url):
            variables = {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": url, "AWS_CA_BUNDLE": str(bundle)}
            yield QuickCognito(variables, process)
