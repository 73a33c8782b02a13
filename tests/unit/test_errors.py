"""The error table is complete, and the caller reads no more than he should."""

import re
from http import HTTPStatus

import pytest

from openid_token import errors
from openid_token.errors import (
    InternalFailure,
    InvalidParameterException,
    TokenIssuerError,
    Violation,
)
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


def row(error: type[TokenIssuerError]) -> tuple[int, int | None]:
    return error().status, error.retry_after_seconds


def test_the_table_is_the_designs() -> None:
    assert {error.__name__: row(error) for error in ERRORS} == TABLE
    assert not any(error.__subclasses__() for error in ERRORS)


def test_the_tree_in_the_docstring_is_the_table() -> None:
    drawn = re.findall(r"── (\w+) +(\d+)(?:.*after (\d) s)?", errors.__doc__ or "")

    assert {name: (int(status), int(retry or 0) or None) for name, status, retry in drawn} == TABLE


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_the_class_name_and_text_are_what_a_caller_sees(error: type[TokenIssuerError]) -> None:
    shown = str(error("the reason"))

    assert shown == "the reason" or error is InternalFailure


def test_an_internal_failure_tells_the_caller_nothing() -> None:
    failure = InternalFailure("the role is refused")

    assert failure.cause == "the role is refused"
    assert "role" not in str(failure)
    assert "role" not in repr(failure)


def test_violations_are_the_text() -> None:
    error = InvalidParameterException(violations=[Violation("a", "is b"), Violation("c", "is d")])

    assert str(error) == "a is b; c is d"
    assert error.violations == (("a", "is b"), ("c", "is d"))
    assert error.status == 400


def test_a_detail_and_a_status_of_its_own() -> None:
    error = InvalidParameterException("not so", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    assert (str(error), error.violations, error.status) == ("not so", (), 415)
