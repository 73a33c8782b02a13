"""The environment of every test: this function's own, and nothing of the machine's."""

import os
from collections.abc import MutableMapping
from typing import Final

from openid_token.settings import VARIABLES
from tests.builders import POOL, PROVIDER

_FOREIGN: Final = ("AWS_", "POWERTOOLS_", "_X_AMZN_", "LAMBDA_", "_HANDLER", "BOTO_")
CLEAN: Final = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "POWERTOOLS_SERVICE_NAME": "openid-token-issuer",
    "IDENTITY_POOL_ID": POOL,
    "DEVELOPER_PROVIDER_NAME": PROVIDER,
}


def clean(environ: MutableMapping[str, str]) -> None:
    """Remove what a machine may have set, and put `CLEAN` in its place."""
    for name in list(environ):
        if name.startswith(_FOREIGN) or name in VARIABLES or name.lower().endswith("_proxy"):
            del environ[name]
    environ.update(CLEAN)
