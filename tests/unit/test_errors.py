"""The error table is complete, and the caller reads no more than he should."""

import re
from http import HTTPStatus

from openid_token import errors
from openid_token.errors import InternalFailure, InvalidParameterException, Violation
from tests.kit.doors import ERRORS


def test_the_classes_are_those_that_the_docstring_draws() -> None:
    drawn = re.findall(r"── (\w+) +(\d+)(?:.*after (\d) s)?", errors.__doc__ or "")
    classes = [(e.__name__, str(e().status), str(e.retry_after_seconds or "")) for e in ERRORS]

    assert classes == drawn
    assert not any(error.__subclasses__() for error in ERRORS)


def test_an_internal_failure_tells_the_caller_nothing() -> None:
    failure = InternalFailure("the role is refused")

    assert failure.cause == "the role is refused"
    assert "role" not in f"{failure} {failure!r}"
    assert {str(error("why")) for error in ERRORS} == {"why", str(failure)}


def test_violations_are_the_text_unless_there_is_a_detail() -> None:
    error = InvalidParameterException(violations=[Violation("a", "is b"), Violation("c", "is d")])
    other = InvalidParameterException("not so", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    assert (str(error), error.status) == ("a is b; c is d", 400)
    assert error.violations == (("a", "is b"), ("c", "is d"))
    assert (str(other), other.violations, other.status) == ("not so", (), 415)
