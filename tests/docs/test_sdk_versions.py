"""Which version of an SDK takes a host by https, and what is said when it fails, by the SDKs."""

import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from pytest_httpserver import HTTPServer

from tests.docs.pages import CREDENTIALS, ROOT

KEPT = ROOT / ".build" / "sdks"
NO_NETWORK = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "error sending request")
PINNED = """
from botocore.utils import ContainerMetadataFetcher
ContainerMetadataFetcher()._validate_allowed_url("https://api.example.com/me/credentials")
"""
BOTO3 = "import boto3; boto3.Session().get_credentials()"
CHAIN = """require("@aws-sdk/credential-provider-node").defaultProvider()().then(
  (found) => console.log(found.accessKeyId), (error) => console.error(error.message))"""


def _said(page: str, row: str) -> bool:
    return any(line.startswith(f"| {row}") for line in page.splitlines())


def _fetched(name: str, *command: str) -> Path:
    """The folder of a pinned SDK, which is kept from run to run."""
    if not (program := shutil.which(command[0])):
        pytest.skip(f"{command[0]} is not on this machine")
    if not (KEPT / name).is_dir():
        words = [program, *(word.format(KEPT / name) for word in command[1:])]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(KEPT / name, ignore_errors=True)
            offline = [word for word in NO_NETWORK if word in done.stderr]
            pytest.skip(f"{name} is not here: no network") if offline else pytest.fail(done.stderr)
    return KEPT / name


def _output(*command: str, **variables: str) -> str:
    environ = {"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", **variables}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def served(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The two variables, of an endpoint by https at an address that is not the loopback's first;
    HOME has the certificate of its CA and the JWT."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.2").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "jwt").write_text("a.b.c")
    answer = dict.fromkeys(("AccessKeyId", "SecretAccessKey", "Token", "IdentityId"), "example")
    with HTTPServer("127.0.0.2", 0, ssl_context=context) as server:
        request = server.expect_request("/me/credentials", headers={"authorization": "a.b.c"})
        request.respond_with_json(answer | {"Expiration": "2036-01-01T00:00:00Z"})
        yield {
            "HOME": str(tmp_path),
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url_for("/me/credentials"),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "jwt"),
        }


@pytest.mark.parametrize(("version", "takes"), [("1.42.4", False), ("1.42.5", True)])
def test_botocore(version: str, takes: bool) -> None:
    assert _said(CREDENTIALS.read_text(), "boto3, botocore | 1.42.5 | executed; 1.42.4 refuses")
    install = (str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--no-deps")
    folder = _fetched(f"botocore-{version}", *install, "--target", "{}", f"botocore=={version}")
    refused = "Unsupported host 'api.example.com'" in _output(
        sys.executable, "-c", PINNED, PYTHONPATH=str(folder)
    )
    assert refused is not takes


@pytest.mark.parametrize(("version", "takes"), [("3.503.0", False), ("3.503.1", True)])
def test_javascript(version: str, takes: bool, served: dict[str, str]) -> None:
    assert _said(CREDENTIALS.read_text(), "JavaScript 3 | 3.503.1 | executed; 3.503.0's default")
    install = ("npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", "{}")
    folder = _fetched(f"node-{version}", *install, f"@aws-sdk/credential-provider-node@{version}")
    authority = f"{served['HOME']}/ca.pem"
    trusted = {"NODE_PATH": f"{folder}/node_modules", "NODE_EXTRA_CA_CERTS": authority}
    printed = _output("node", "-e", CHAIN, HTTPS_PROXY="http://127.0.0.1:9", **trusted, **served)
    refused = "127.0.0.2 is not a valid container metadata service hostname"
    assert printed.strip() == ("example" if takes else refused)


def test_boto3_ignores_the_proxy_and_the_private_authority(served: dict[str, str]) -> None:
    ignored = dict.fromkeys(
        ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"), f"{served['HOME']}/ca.pem"
    )
    printed = _output(
        sys.executable, "-c", BOTO3, HTTPS_PROXY="http://127.0.0.1:9", **ignored, **served
    )
    assert "SSL validation failed for https://127.0.0.2:" in printed
