"""The project's own way to a stack, `sam build` and `sam deploy`, into the emulated AWS."""

import os
import subprocess
import sys
from pathlib import Path

from tools import ROOT
from tools.emulated_aws.ministack import ROOT_KEYS


class SamError(Exception):
    """A command of SAM's failed; the message is the end of what it said."""


def build(directory: Path, architecture: str) -> None:
    """Build the function for this machine, and a template beside it."""
    _sam("build", f"--build-dir={directory}", *_overrides({"Architecture": architecture}))


def deploy(template: Path, parameters: dict[str, str]) -> None:
    """Create or update the stack of `samconfig.toml`; a parameter that is left out keeps its
    value."""
    settings = [f"--config-file={ROOT / 'samconfig.toml'}", "--no-confirm-changeset"]
    _sam("deploy", f"--template-file={template}", *settings, *_overrides(parameters))
    print(f"sam deploy: {' '.join(parameters)}", flush=True)


def _overrides(parameters: dict[str, str]) -> list[str]:
    return ["--parameter-overrides", *(f"{name}={value}" for name, value in parameters.items())]


def _sam(*arguments: str) -> None:
    ended = subprocess.run(
        [str(Path(sys.executable).with_name("sam")), *arguments],
        cwd=ROOT,
        env=os.environ | ROOT_KEYS,
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        said = f"{ended.stdout[-4000:]}\n{ended.stderr[-1000:]}"
        raise SamError(f"sam {arguments[0]} failed:\n{said}")
