"""The ways in, by the names that records and metrics have for them."""

from enum import StrEnum


class Door(StrEnum):
    """Which way a request came in."""

    API = "api"
    USER_API = "user_api"
    USER_CREDENTIALS = "user_credentials"
    DIRECT = "direct"
    STEP_FUNCTIONS = "step_functions"
