"""The constraints of the service's own model, and the errors of the embedded AWS.

Cognito Identity answers a broken one with `ValidationException`, which its model does not list:
users of several SDKs have shown it. Lengths are counted in UTF-16 units, as Java counts; no public
material says how the service does. A value is never repeated.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from botocore.loaders import Loader
from botocore.model import ServiceModel

_MODEL: Final = ServiceModel(Loader().load_service_model("cognito-identity", "service-2"))
_TYPES: Final = {"structure": dict, "map": dict, "list": list, "string": str, "long": int}


class ServiceError(Exception):
    """An error of the service: `code` is its name, and the message is for the caller."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check(operation: str, asked: object) -> None:
    """Check what a call of the operation asks for.

    Raises:
        ServiceError: it breaks a constraint, or is of another type.
    """
    broken = list(_broken(_MODEL.operation_model(operation).input_shape, "", asked))
    if broken:
        errors = "error" if len(broken) == 1 else "errors"
        message = f"{len(broken)} validation {errors} detected: {'; '.join(broken)}"
        raise ServiceError("ValidationException", message)


def _broken(shape: Any, name: str, value: Any) -> Iterator[str]:
    """A sentence for each constraint that the value breaks; one that is required is `None`."""
    failed = f"Value at '{name}' failed to satisfy constraint:"
    if value is None:
        yield f"{failed} not null"
        return
    kind: Any = type(value)
    if kind is not _TYPES[shape.type_name]:
        raise ServiceError("SerializationException", f"{name or 'The body'} is of another type")
    yield from (f"{failed} {rule}" for rule in _rules(shape.metadata, value))
    for inner, member, part in _parts(shape, name, value):
        yield from _broken(inner, member, part)


def _parts(shape: Any, name: str, value: Any) -> Iterator[tuple[Any, str, Any]]:
    """The shape, the name and the value of each part."""
    match shape.type_name:
        case "structure":
            for member, inner in shape.members.items():
                if value.get(member) is not None or member in shape.required_members:
                    yield inner, member[:1].lower() + member[1:], value.get(member)
        case "map":
            for key, given in value.items():
                yield shape.key, name, key
                yield shape.value, name, given
        case "list":
            yield from ((shape.member, name, given) for given in value)


def _rules(limits: dict[str, Any], value: Any) -> Iterator[str]:
    """The limits that the value breaks."""
    size = value if isinstance(value, int) else len(value)
    if isinstance(value, str):
        size = len(value.encode("utf-16-le", "surrogatepass")) // 2
    if not limits.get("min", size) <= size <= limits.get("max", size):
        yield f"between {limits.get('min', 0)} and {limits.get('max')}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value, re.ASCII):
        yield f"regular expression pattern: {limits['pattern']}"
