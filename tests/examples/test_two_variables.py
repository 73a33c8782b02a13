"""Any SDK and the AWS CLI get credentials by two variables: docs/credentials.md."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import yaml
from moto.server import ThreadedMotoServer

from tests.examples.commands import USER, WHO_AM_I
from tests.examples.stand import Stand, Variables
from tests.kit.acts import Reply, answers
from tests.kit.cognito import Cognito, served
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


def test_githubs_step_writes_a_bare_jwt_and_shows_nothing(stand: Stand, tmp_path: Path) -> None:
    [job] = (block for block in blocks(CREDENTIALS, "yaml") if "GITHUB_ENV" in block)
    [step, _] = yaml.safe_load(job)["jobs"]["deploy"]["steps"]
    asking, given = stand.jwt("a job"), stand.jwt(USER)
    with served(github := Cognito(answers(Reply.json({"value": given})))) as url:
        variables = {
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": asking,
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{url}/?api-version=2",
            "RUNNER_TEMP": str(tmp_path),
            "GITHUB_ENV": str(tmp_path / "env"),
        }
        done = stand.run([step["shell"], "-eo", "pipefail", "-c", step["run"]], variables)
    assert done.returncode == 0, done.stderr
    [call] = github.calls
    assert call.headers["authorization"] == f"bearer {asking}"
    written = (tmp_path / "env").read_text()
    assert written == f"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE={tmp_path}/jwt\n"
    assert (tmp_path / "jwt").read_text() == given


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
