"""docs/credentials.md: the locked SDKs take a host by https, whatever the proxy and the CA."""

import os
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from pytest_httpserver import HTTPServer

from tests.examples.commands import INSTALLED, install_javascript

BOTO3 = "import boto3; boto3.Session().get_credentials()"
CHAIN = """require("@aws-sdk/credential-providers").fromNodeProviderChain()().then(
  (found) => console.log(found.accessKeyId), (error) => console.error(error.message))"""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The two variables, of an endpoint by https at an address that is not the loopback's first,
    and a proxy that is none. HOME has the certificate of the endpoint's CA."""
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.2").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    (tmp_path / "jwt").write_text("a.b.c")
    answer = dict.fromkeys(("AccessKeyId", "SecretAccessKey", "Token", "IdentityId"), "example")
    with HTTPServer("127.0.0.2", 0, ssl_context=context) as server:
        request = server.expect_request("/me/credentials", headers={"authorization": "a.b.c"})
        request.respond_with_json(answer | {"Expiration": "2036-01-01T00:00:00Z"})
        yield {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "HTTPS_PROXY": "http://127.0.0.1:9",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url_for("/me/credentials"),
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "jwt"),
        }


def _run(*command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_javascript_takes_it(environment: dict[str, str]) -> None:
    install_javascript()
    environment["NODE_PATH"] = str(INSTALLED / "node_modules")
    environment["NODE_EXTRA_CA_CERTS"] = f"{environment['HOME']}/ca.pem"
    done = _run("node", "--eval", CHAIN, environment=environment)
    assert done.stdout == "example\n", done.stderr


def test_boto3_takes_it_and_no_private_ca(environment: dict[str, str]) -> None:
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        environment[name] = f"{environment['HOME']}/ca.pem"
    done = _run(sys.executable, "-c", BOTO3, environment=environment)
    assert "SSL validation failed for https://127.0.0.2:" in done.stderr
