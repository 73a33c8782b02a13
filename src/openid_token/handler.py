"""The Lambda entry point: loads the function, once for each environment.

Loading makes tens of thousands of objects that stay, and hardly any garbage. Looking for garbage
meanwhile would take nearly a tenth of the cold start, so it is paused, and what was loaded is
never looked through again. The connection to Cognito is opened beside the imports that remain.
"""

import gc
import os
from collections.abc import Callable
from typing import Any, Final

from snapshot_restore_py import register_after_restore

from openid_token import patterns


def _load() -> Callable[..., dict[str, Any]]:
    gc.disable()
    try:
        patterns.remember()
        # Imported here, so that it happens while collection is paused; still in the init phase.
        from openid_token import client, connection, settings  # noqa: PLC0415

        ours = settings.Settings.from_environment(os.environ)
        cognito = client.create_client(ours.region)
        opening = connection.open_connection(cognito)
        register_after_restore(connection.reopen_connection, cognito)
        from openid_token import doors  # noqa: PLC0415

        loaded = doors.create(ours, cognito)
        opening.join(connection.OPENING_SECONDS)
        return loaded
    finally:
        gc.freeze()
        gc.enable()


# CPython keeps its frames in chunks of 16 kB, and gives a chunk back as soon as it is empty.
# Imports nest deeply, and where they work at the edge of a chunk, memory is mapped and unmapped
# thousands of times. A frame too large for such a chunk gets one with room for all that it calls.
_load.__code__ = _load.__code__.replace(co_stacksize=1 << 16)

handler: Final = _load()
