"""What builds, runs, describes and measures the product."""

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
