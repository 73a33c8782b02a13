"""docs/own-login.md: the private API's fragment."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.docs.pages import OWN_LOGIN, blocks

# Its schemas are older than the authorizer.
UNKNOWN = ("E3002", "Additional properties are not allowed ('JwtConfiguration' was unexpected)")
PARAMETERS = {name: {"Type": "String"} for name in ("VpcEndpointId", "FunctionAliasArn")}


def test_the_fragment_is_cloudformation_as_far_as_the_linter_knows(tmp_path: Path) -> None:
    [fragment] = blocks(OWN_LOGIN, "yaml")
    indented = "".join(f"  {line}\n" for line in fragment.splitlines())
    template = tmp_path / "template.yaml"
    template.write_text(f"{yaml.safe_dump({'Parameters': PARAMETERS})}Resources:\n{indented}")
    linter = str(Path(sys.executable).with_name("cfn-lint"))
    done = subprocess.run(
        [linter, "--format", "json", "--", str(template)], capture_output=True, check=False
    )
    found = [(each["Rule"]["Id"], each["Message"]) for each in json.loads(done.stdout)]
    assert found in ([], [UNKNOWN])
