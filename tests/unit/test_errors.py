"""The error table is complete, and the caller reads no more than he should."""

import re
from http import HTTPStatus

from openid_token import errors
from openid_token.errors import InternalFailure, InvalidParameterException, Violation
from tests.doors import ERRORS

TABLE = {
    "InvalidParameterException": (400, None),
    "AccessDeniedException": (403, None),
    "NotAuthorizedException": (403, None),
    "ResourceNotFoundException": (404, None),
    "ResourceConflictException": (409, None),
    "DeveloperUserAlreadyRegisteredException": (409, None),
    "TooManyRequestsException": (429, 1),
    "InternalErrorException": (502, None),
    "ServiceUnavailable": (503, 2),
    "InternalFailure": (500, None),
}


def test_the_table_is_the_designs() -> None:
    rows = {error.__name__: (error().status, error.retry_after_seconds) for error in ERRORS}

    assert rows == TABLE
    assert not any(error.__subclasses__() for error in ERRORS)


def test_the_tree_in_the_docstring_is_the_table() -> None:
    drawn = re.findall(r"── (\w+) +(\d+)(?:.*after (\d) s)?", errors.__doc__ or "")

    assert {name: (int(status), int(retry or 0) or None) for name, status, retry in drawn} == TABLE


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
