"""The error table is complete."""

import re

from openid_token import errors
from tests.kit.doors import ERRORS


def test_the_classes_are_those_that_the_docstring_draws() -> None:
    drawn = re.findall(r"── (\w+) +(\d+)(?:.*after (\d) s)?", errors.__doc__ or "")
    classes = [(e.__name__, str(e().status), str(e.retry_after_seconds or "")) for e in ERRORS]

    assert classes == drawn
    assert not any(error.__subclasses__() for error in ERRORS)
