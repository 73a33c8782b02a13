"""The provider for Amplify that docs/credentials.md shows is one that Amplify's types take."""

import subprocess
from typing import Final

import pytest

from tests.kit.npm import installed
from tests.kit.pages import CREDENTIALS, ROOT, blocks

FOLDER: Final = ROOT / ".build" / "amplify"
PACKAGES: Final = ("aws-amplify@6.22.1", "typescript@5.9.3")
OPTIONS: Final = ("--strict", "--noEmit", "--skipLibCheck", "--target", "es2022")
RESOLUTION: Final = ("--module", "esnext", "--moduleResolution", "bundler")


# The first run installs 135 MB.
@pytest.mark.timeout(200)
def test_its_types_fit() -> None:
    [program] = blocks(CREDENTIALS, "ts")
    installed(FOLDER, ["install", *PACKAGES])
    file = FOLDER / "provider.ts"
    file.write_text(program)
    compiler = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    command = ["node", str(compiler), *OPTIONS, *RESOLUTION, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
