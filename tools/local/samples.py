"""The sample events of `events/`, one for each door, made fit for the stack in use."""

import json
from pathlib import Path
from typing import Any

from tools import ROOT
from tools.local.cognito.embedded import PROVIDER, Cognito

DIRECTORY = ROOT / "events"
POOL = "eu-central-1:11111111-2222-3333-4444-555555555555"
ISSUER = "https://login.example.com"


def load(path: Path, cognito: Cognito, issuer: str) -> Any:
    """The event in the file, with the pool and the provider of `cognito`, and the `issuer` of its
    users, for the samples' own.

    The samples' made-up identity is left out where the real Cognito, which can't know it, is
    asked.

    Raises:
        OSError: it can't be read.
        ValueError: it is not JSON.
    """
    text = path.read_text(encoding="utf-8").replace(POOL, cognito.identity_pool_id)
    text = text.replace(ISSUER, issuer)
    event = json.loads(text.replace(f'"{PROVIDER}', f'"{cognito.developer_provider_name}'))
    if cognito.endpoint_url is None and isinstance(event, dict):
        event.pop("identity_id", None)
    return event
