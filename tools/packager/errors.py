"""The one error of the packager."""

from __future__ import annotations


class PackagingError(Exception):
    """The package can't be built; the message says why and what to do."""
