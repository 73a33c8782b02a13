"""What the service's own model wants of a call, and the errors of the embedded AWS.

Types, what is required and the least lengths, as every SDK checks them before it sends; the most
and the patterns the function has checked by then (tests/unit holds its rules against the model).
Cognito Identity answers a broken one with `ValidationException`, which its model does not list:
users of several SDKs have shown it.
"""

from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

_MODEL: Final = ServiceModel(Loader().load_service_model("cognito-identity", "service-2"))


class ServiceError(Exception):
    """An error of the service: `code` is its name, and the message is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check(operation: str, asked: Any) -> None:
    """Check what a call of the operation asks for.

    Raises:
        ServiceError: it is not as the model has it. Botocore's own words would repeat a value.
    """
    shape: Any = _MODEL.operation_model(operation).input_shape
    if ParamValidator().validate(asked, shape).has_errors():
        raise ServiceError("ValidationException", f"This is no request for {operation}.")
