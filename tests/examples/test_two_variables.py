"""Any SDK and the AWS CLI get credentials by two variables: docs/credentials.md."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from botocore.credentials import RefreshableCredentials
from moto.server import ThreadedMotoServer

from tests.docs.pages import CREDENTIALS, USING, blocks
from tests.examples.aws_api import ENHANCED, ISSUE
from tests.examples.commands import USER, WHO_AM_I
from tests.examples.stand import Stand
from tests.serving import Served, serving

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
ROLE = "arn:aws:sts::123456789012:assumed-role/local-user/"
URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"
KEPT = {"HOME", "PATH", "PYTHONWARNINGS", "AWS_ENDPOINT_URL", "TZ", "LC_ALL"}

type Variables = dict[str, str | None]


@pytest.fixture
def jwt_file(stand: Stand, tmp_path: Path) -> Path:
    """The file, for `USER`."""
    (tmp_path / "jwt").write_text(stand.jwt(USER))
    return tmp_path / "jwt"


@pytest.fixture
def variables(stand: Stand, jwt_file: Path) -> Variables:
    """The two variables, region and endpoint of the embedded AWS, and no other credentials."""
    changes: Variables = dict.fromkeys(stand.environment.keys() - KEPT)
    changes |= {URI: stand.environment["USER_CREDENTIALS_ENDPOINT"], FILE: str(jwt_file)}
    return changes | dict.fromkeys(["AWS_REGION", "AWS_DEFAULT_REGION"], "eu-central-1")


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    """`make serve`, for all tests of this file."""
    with serving() as running:
        yield running


def _exported(served: Served) -> dict[str, str]:
    """The variables that the page gives to copy."""
    return dict(re.findall(r"export (\w+)=(\S+)\n", served.get("/")))


@pytest.mark.parametrize("client", WHO_AM_I)
def test_make_serve_gives_credentials(
    stand: Stand, served: Served, variables: Variables, jwt_file: Path, client: str
) -> None:
    jwt_file.write_text(served.jwt(USER))
    exported = _exported(served) | {FILE: str(jwt_file)}
    done = stand.execute(WHO_AM_I[client], **variables | exported)
    assert done.stdout.startswith(ROLE), done.stderr


def test_the_guides_commands_give_a_pool_its_role(
    stand: Stand, served: Served, variables: Variables, jwt_file: Path, tmp_path: Path
) -> None:
    """The roles are moto's, since the embedded AWS has none."""
    exported = _exported(served)
    policies = (block for block in blocks(USING, "json") if "Statement" in block)
    for name, policy in zip(("trust", "permissions"), policies, strict=True):
        (tmp_path / f"{name}.json").write_text(policy)
    permit, create, *_ = blocks(CREDENTIALS, "sh")
    commands = f"cd {tmp_path}\n{create}{permit}"
    pool = {
        "POOL": served.arguments()["identity_pool_id"],
        "USER_ROLE_NAME": "app-users",
        "AWS_DEFAULT_REGION": "eu-central-1",
    }
    moto = ThreadedMotoServer(port=0)
    moto.start()
    try:
        iam = {"AWS_ENDPOINT_URL_IAM": "http://{}:{}".format(*moto.get_host_and_port())}
        done = stand.execute(["bash", "-ec", commands], **exported | pool | iam)
    finally:
        moto.stop()
    assert done.returncode == 0, done.stderr
    jwt_file.write_text(served.jwt(USER))
    changes = variables | exported | {FILE: str(jwt_file)}
    assert "assumed-role/app-users/" in stand.execute(WHO_AM_I["boto3"], **changes).stdout


def _refused(stand: Stand, client: str, variables: Variables) -> str:
    done = stand.execute(WHO_AM_I[client], **variables)
    assert done.returncode != 0
    return done.stderr


@pytest.mark.parametrize("client", WHO_AM_I)
def test_an_expired_jwt_is_the_reason_that_is_shown(
    stand: Stand, variables: Variables, jwt_file: Path, client: str
) -> None:
    jwt_file.write_text(expired := stand.jwt(USER, seconds=-60))
    told = _refused(stand, client, variables)
    if client == "JavaScript":
        assert "Server responded with status: 401" in told
    else:
        assert 'Received non 200 response 401 from container metadata: {"message":"Un' in told
    assert expired not in told


def test_what_else_may_be_wrong_is_shown(
    stand: Stand, variables: Variables, jwt_file: Path
) -> None:
    stand.api.refusals[ENHANCED] = "InvalidIdentityPoolConfigurationException"
    assert '"Code":"InternalFailure"' in _refused(stand, "boto3", variables)
    jwt_file.write_text(f"{stand.jwt(USER)}\n")
    assert "Auth token value is not a legal header value" in _refused(stand, "boto3", variables)
    # Why the example names the provider. The host is none that the chain's last one takes.
    script = """import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
      await fromNodeProviderChain()();"""
    done = stand.javascript(script, **variables | {URI: "http://127.0.0.2:9/me/credentials"})
    assert "127.0.0.2 is not a valid container metadata service hostname" in done.stderr


def test_an_sdk_refreshes_for_the_user_whose_jwt_is_in_the_file_by_then(
    stand: Stand, jwt_file: Path, variables: Variables, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
    credentials = boto3.Session().get_credentials()
    assert isinstance(credentials, RefreshableCredentials)
    first = credentials.get_frozen_credentials().access_key
    jwt_file.write_text(stand.jwt("user-4712"))
    assert credentials.get_frozen_credentials().access_key == first
    vars(credentials)["_time_fetcher"] = lambda: datetime.now(UTC) + timedelta(minutes=51)
    assert credentials.get_frozen_credentials().access_key != first
    users = [user for call in stand.api.of(ISSUE) for user in call.asked["Logins"].values()]
    assert users == [USER, "user-4712"]
