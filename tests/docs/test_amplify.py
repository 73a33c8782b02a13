"""The provider for Amplify that docs/credentials.md shows is one that Amplify's types take."""

import fcntl
import shutil
import subprocess
from typing import Final

import pytest

from tests.kit.pages import CREDENTIALS, ROOT, blocks

FOLDER: Final = ROOT / ".build" / "amplify"
PACKAGES: Final = ("aws-amplify@6.22.1", "typescript@5.9.3")
OPTIONS: Final = ("--strict", "--noEmit", "--skipLibCheck", "--target", "es2022")
RESOLUTION: Final = ("--module", "esnext", "--moduleResolution", "bundler")

# The first run installs 135 MB.
pytestmark = pytest.mark.timeout(200)


def installed() -> None:
    """Install the packages once for all workers; they are kept from run to run."""
    if not shutil.which("npm"):
        pytest.skip("there is no npm on this machine: the types of Amplify were not asked")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "installed").open("a+") as done:
        fcntl.flock(done, fcntl.LOCK_EX)
        done.seek(0)
        if done.read() == " ".join(PACKAGES):
            return
        done.truncate(0)
        options = ["--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--fetch-retries=1"]
        try:
            subprocess.run(
                ["npm", "install", *options, *PACKAGES],
                capture_output=True,
                timeout=150,
                check=True,
            )
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm could not install Amplify: {error}")
        done.write(" ".join(PACKAGES))


@pytest.mark.parametrize("sound", [True, False])
def test_its_types_fit(sound: bool) -> None:
    [program] = blocks(CREDENTIALS, "ts")
    if not sound:
        program = program.replace("accessKeyId:", "accessKey:")
    installed()
    file = FOLDER / f"{sound}.ts"
    file.write_text(program)
    compiler = FOLDER / "node_modules" / "typescript" / "bin" / "tsc"
    command = ["node", str(compiler), *OPTIONS, *RESOLUTION, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is sound, done.stdout
    assert sound or "accessKeyId" in done.stdout
