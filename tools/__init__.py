"""What builds, runs, checks and measures the product."""

import platform
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
# As AWS calls the one of this machine.
ARCHITECTURE: Final = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())
