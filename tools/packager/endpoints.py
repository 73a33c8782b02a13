"""botocore's `endpoints.json`: 1.2 MB for 400 services, parsed once per session at init."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


def keep_services(file: Path, services: Collection[str]) -> None:
    """Leave only `services` in each partition; partitions, regions and defaults stay as they are.

    Endpoints of these services resolve as before in every region, the unknown ones included.
    """
    endpoints = json.loads(file.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in services if name in known}
    file.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")
