"""The constraints of the service's own model.

Cognito Identity answers a broken one with `ValidationException`, which its model does not list:
users of several SDKs have shown it. Lengths are counted in UTF-16 units, as Java counts; no public
material says how the service does. A value is never repeated.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from botocore.session import Session

from tools.local.cognito.errors import ServiceError

_MODEL: Final = Session().get_service_model("cognito-identity")
_TYPES: Final = {"structure": dict, "map": dict, "list": list, "string": str, "long": int}


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
    """A sentence for each constraint that the value breaks."""
    kind: Any = type(value)
    if kind is not _TYPES[shape.type_name]:
        raise ServiceError("SerializationException", f"{name or 'The body'} is of another type")
    for rule in _rules(shape, value):
        yield f"Value at '{name}' failed to satisfy constraint: {rule}"
    for member, inner, given in _members(shape, name, value):
        yield from _broken(inner, member, given)


def _members(shape: Any, name: str, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """The name, the shape and the value of each part."""
    if shape.type_name == "structure":
        for member, inner in shape.members.items():
            if value.get(member) is not None:
                yield member[:1].lower() + member[1:], inner, value[member]
    elif shape.type_name == "map":
        for key, given in value.items():
            yield name, shape.key, key
            yield name, shape.value, given
    elif shape.type_name == "list":
        yield from ((name, shape.member, given) for given in value)


def _rules(shape: Any, value: Any) -> Iterator[str]:
    """The model's limits that the value breaks."""
    if shape.type_name == "structure":
        yield from (f"{m} not null" for m in shape.required_members if value.get(m) is None)
        return
    limits, size = shape.metadata, value
    if isinstance(value, str):
        size = len(value.encode("utf-16-le", "surrogatepass")) // 2
    elif not isinstance(value, int):
        size = len(value)
    if not limits.get("min", size) <= size <= limits.get("max", size):
        yield f"between {limits.get('min', 0)} and {limits.get('max')}"
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value, re.ASCII):
        yield f"regular expression pattern: {limits['pattern']}"
