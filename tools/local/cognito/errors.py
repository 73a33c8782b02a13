"""What the embedded AWS refuses with."""


class ServiceError(Exception):
    """An error of the service: `code` is its name, and the message is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
