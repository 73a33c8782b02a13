"""A value that goes to Cognito or to the caller, and nowhere else."""

from collections.abc import Iterable

MASK = "**********"
_FRAGMENT = 8


class Secret:
    """Holds a token, a login value or a tag value.

    It is no `str`, so whatever prints, formats, logs or serialises it shows the mask;
    only `reveal()` gives the value.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: for the request to Cognito and for the answer to the caller."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


def reveals(text: str, secrets: Iterable[Secret]) -> bool:
    """Whether `text` holds one of `secrets`, or eight characters in a row of one.

    A fragment counts because a service that quotes a value may cut or escape it.
    """
    text = text.casefold()
    windows = {text[i : i + _FRAGMENT] for i in range(len(text) - _FRAGMENT + 1)}
    # Sliding over the values, which are long: to look for each window in one would take seconds.
    return any(
        value in text
        or not windows.isdisjoint(
            value[i : i + _FRAGMENT] for i in range(len(value) - _FRAGMENT + 1)
        )
        for value in (secret.reveal().casefold() for secret in secrets)
    )
