"""The Lambda entry point: loads the function, once for each environment.

Loading makes tens of thousands of objects that stay, and hardly any garbage. Looking for garbage
meanwhile would take nearly a tenth of the cold start, so it is paused, and what was loaded is
never looked through again.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openid_token.doors import Handler


def _load() -> Handler:
    gc.disable()
    try:
        # Imported here, so that it happens while collection is paused; still in the init phase.
        from openid_token import cognito, doors, settings  # noqa: PLC0415

        ours = settings.Settings.from_environment(os.environ)
        return doors.create(ours, cognito.create_client(ours.region))
    finally:
        gc.freeze()
        gc.enable()


handler: Final = _load()
