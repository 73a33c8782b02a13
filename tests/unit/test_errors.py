"""The error table is complete, and the caller reads no more than he should."""

from http import HTTPStatus

import pytest

from openid_token import errors
from openid_token.errors import (
    ANSWERS,
    InternalFailure,
    InvalidParameterException,
    TokenIssuerError,
    Violation,
)

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
    assert {error.__name__: tuple(answer) for error, answer in ANSWERS.items()} == TABLE


def test_every_class_of_the_tree_has_a_row() -> None:
    assert set(TokenIssuerError.__subclasses__()) == ANSWERS.keys()
    assert not any(error.__subclasses__() for error in ANSWERS)


def test_the_tree_in_the_docstring_is_the_table() -> None:
    drawn = (errors.__doc__ or "").split("──")[1:]

    assert {name: int(status) for name, status, *_ in map(str.split, drawn)} == {
        name: status for name, (status, _) in TABLE.items()
    }


@pytest.mark.parametrize("error", ANSWERS, ids=lambda error: error.__name__)
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
    assert error.status is None


def test_a_detail_and_a_status_of_its_own() -> None:
    error = InvalidParameterException("not so", status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    assert (str(error), error.violations, error.status) == ("not so", (), 415)
