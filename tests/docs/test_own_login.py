"""docs/own-login.md: the private API's fragment, and what its events get."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.builders import ISSUER, LOGIN, PROVIDER, rest_event, settings
from tests.docs.pages import OWN_LOGIN, blocks
from tests.doors import handler, invoke
from tests.fakes import FakeCognito

# Its schemas are older than the authorizer.
UNKNOWN = ("E3002", "Additional properties are not allowed ('JwtConfiguration' was unexpected)")
PARAMETERS = {name: {"Type": "String"} for name in ("VpcEndpointId", "FunctionAliasArn")}


def test_the_fragment_is_cloudformation_as_far_as_the_linter_knows(tmp_path: Path) -> None:
    [fragment] = blocks(OWN_LOGIN, "yaml")
    assert fragment.count("\n") <= 60
    indented = "".join(f"  {line}\n" for line in fragment.splitlines())
    template = tmp_path / "template.yaml"
    template.write_text(f"{yaml.safe_dump({'Parameters': PARAMETERS})}Resources:\n{indented}")
    linter = str(Path(sys.executable).with_name("cfn-lint"))
    done = subprocess.run(
        [linter, "--format", "json", "--", str(template)], capture_output=True, check=False
    )
    found = [(each["Rule"]["Id"], each["Message"]) for each in json.loads(done.stdout)]
    assert found in ([], [UNKNOWN])


def test_its_users_are_who_their_claims_name_in_their_json_types() -> None:
    claims = {"iss": ISSUER, "sub": LOGIN, "repository_owner_id": 1234, "aud": ["a", "b"]}
    event = rest_event(None, resource="/me/token", user_arn=None, authorizer={"claims": claims})
    cognito = FakeCognito()
    tagged = settings(principal_tag_claims="owner_id=repository_owner_id")
    assert invoke(handler(cognito, tagged), event).status == 200
    [request] = cognito.requests
    assert request["Logins"] == {PROVIDER: LOGIN}
    assert request["PrincipalTags"] == {"owner_id": "1234"}
    stranger = {**claims, "iss": "https://other.example.com"}
    event["requestContext"]["authorizer"] = {"claims": stranger}
    assert invoke(handler(cognito, tagged), event).status == 403
