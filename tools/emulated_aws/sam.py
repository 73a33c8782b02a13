"""The way that users go, `sam deploy` in the folder of an unzipped release, into the emulated
AWS."""

import os
import subprocess
import sys
from pathlib import Path

from tools.emulated_aws.ministack import ROOT_KEYS


class SamError(Exception):
    """A command of SAM's failed; the message is the end of what it said."""


def deploy(template: Path, parameters: dict[str, str], stack: str | None = None) -> None:
    """Create or update the stack of the `samconfig.toml` beside the template, or the one named; a
    parameter that is left out keeps its value. SAM finds neither Python nor make.

    Raises:
        SamError: it was refused, or failed.
    """
    named = [f"--stack-name={stack}"] if stack else []
    given = [f'{name}="{value}"' for name, value in parameters.items()]
    command = [str(Path(sys.executable).with_name("sam")), "deploy", *named]
    command += [f"--template-file={template}", "--no-confirm-changeset"]
    ended = subprocess.run(
        [*command, *(["--parameter-overrides", *given] if given else [])],
        cwd=template.parent,
        env=os.environ | ROOT_KEYS | {"PATH": "/nowhere"},
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise SamError(f"sam deploy failed:\n{ended.stdout[-4000:]}\n{ended.stderr[-1000:]}")
    print(f"sam deploy: {' '.join(parameters)}", flush=True)
