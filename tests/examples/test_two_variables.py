"""Any SDK and the AWS CLI get credentials by two variables: docs/credentials.md."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.examples.commands import USER, WHO_AM_I
from tests.examples.stand import Stand, Variables
from tests.kit.pages import CREDENTIALS, USING, blocks
from tools.local.cognito.embedded import ROLE

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
KEPT = {"HOME", "PATH", "PYTHONWARNINGS", "AWS_ENDPOINT_URL", "TZ", "LC_ALL"}


@pytest.fixture
def variables(stand: Stand, tmp_path: Path) -> Variables:
    """The two variables, region and endpoint of the embedded AWS, and no other credentials."""
    (tmp_path / "jwt").write_text(stand.jwt(USER))
    changes: dict[str, str | None] = dict.fromkeys(stand.environment.keys() - KEPT)
    changes |= dict.fromkeys(["AWS_REGION", "AWS_DEFAULT_REGION"], "eu-central-1")
    return changes | {
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": stand.environment["USER_CREDENTIALS_ENDPOINT"],
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(tmp_path / "jwt"),
    }


@pytest.mark.parametrize(
    ("client", "reason"),
    [
        ("AWS CLI", 'Received non 200 response 401 from container metadata: {"message":"Un'),
        ("JavaScript", "Server responded with status: 401"),
    ],
)
def test_a_jwt_gives_credentials_until_it_expires(
    stand: Stand, variables: Variables, tmp_path: Path, client: str, reason: str
) -> None:
    done = stand.run(WHO_AM_I[client], variables)
    assert "assumed-role/local-user/" in done.stdout, done.stderr
    (tmp_path / "jwt").write_text(stand.jwt(USER, seconds=-60))
    done = stand.run(WHO_AM_I[client], variables)
    assert done.returncode != 0
    assert reason in done.stderr


@pytest.fixture
def iam(stand: Stand) -> Iterator[str]:
    """moto's, since the embedded AWS has none; the pool then gets back the role that it had."""
    server = ThreadedMotoServer(port=0)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()
    cognito = boto3.client("cognito-identity", "eu-central-1", endpoint_url=stand.api.upstream)
    cognito.set_identity_pool_roles(
        IdentityPoolId=stand.environment["POOL"], Roles={"authenticated": ROLE}
    )


def test_the_guides_commands_give_a_pool_its_role(
    stand: Stand, variables: Variables, tmp_path: Path, iam: str
) -> None:
    policies = (block for block in blocks(USING, "json") if "Statement" in block)
    for name, policy in zip(("trust", "permissions"), policies, strict=True):
        (tmp_path / f"{name}.json").write_text(policy)
    permit, create, *_ = blocks(CREDENTIALS, "sh")
    done = stand.run(
        ["bash", "-ec", f"cd {tmp_path}\n{create}{permit}"],
        {
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL_IAM": iam,
        },
    )
    assert done.returncode == 0, done.stderr
    assert "assumed-role/app-users/" in stand.run(WHO_AM_I["AWS CLI"], variables).stdout
