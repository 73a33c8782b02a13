"""botocore's errors into ours, and which of Cognito's words the caller may read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError
from botocore.retries.standard import RetryContext, ThrottledRetryableChecker

from openid_token import errors
from openid_token.client import Client, error_name
from openid_token.secret import Secret, reveals

# Said by AWS, these mean something else: it is this function's role that is denied, for instance.
_MEANT_OTHERWISE: Final = {"AccessDeniedException", "InternalFailure", "ServiceUnavailable"}
_BY_NAME: Final = {error.__name__: error for error in errors.TokenIssuerError.__subclasses__()}
_BY_NAME["ValidationException"] = errors.InvalidParameterException
_THROTTLES: Final = ThrottledRetryableChecker()
_UNCLEAR: Final = "Cognito's answer was not understood. Try again."
_WITHHELD: Final = "Cognito refused the request; its message is withheld, as it repeats a value."
_NO_ROLE: Final = (
    " Give the identity pool a role for authenticated users, with SetIdentityPoolRoles, and have"
    " the role trust the pool."
)
_LONGEST_MESSAGE: Final = 1000
# What botocore's parser raises, besides its own error, for JSON of another shape.
_NOT_UNDERSTOOD: Final = (
    *(ResponseParserError, AttributeError, LookupError, OverflowError),
    *(RuntimeError, TypeError, ValueError),
)


@contextmanager
def translated(client: Client, secrets: Iterable[Secret]) -> Iterator[None]:
    """Around a call of Cognito and the reading of its answer; no message repeats one of `secrets`.

    Raises:
        TokenIssuerError: Cognito's own errors by their names; `ServiceUnavailable` when it
            can't be reached or does not answer in time; `InternalFailure` when the function's
            role or credentials are refused.
    """
    try:
        yield
    except ClientError as exc:
        raise _from_cognito(exc, client, secrets) from exc
    except (HTTPClientError, NotConnected) as exc:
        host = urlsplit(str(exc.kwargs.get("endpoint_url"))).hostname or "Cognito"
        raise errors.ServiceUnavailable(
            "Cognito could not be reached in time. Try again.", f"{type(exc).__name__}: {host}"
        ) from exc
    except BotoCoreError as exc:
        raise errors.InternalFailure(f"botocore: {type(exc).__name__}") from exc
    except _NOT_UNDERSTOOD as exc:
        client.close()  # The true answer may come yet, and would be the next caller's.
        raise errors.ServiceUnavailable(_UNCLEAR) from exc


def _from_cognito(
    exc: ClientError, client: Client, secrets: Iterable[Secret]
) -> errors.TokenIssuerError:
    name, message = error_name(exc.response), str(exc.response.get("Error", {}).get("Message", ""))
    if name in _BY_NAME and name not in _MEANT_OTHERWISE:
        return _BY_NAME[name](_without_secrets(message, secrets))
    status = exc.response["ResponseMetadata"]["HTTPStatusCode"]
    # By any name that AWS's front door has for it.
    context = RetryContext(attempt_number=1, parsed_response=exc.response)
    if _THROTTLES.is_retryable(context) or status == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.TooManyRequestsException("Cognito throttles the requests. Try again later.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE or name == "ExternalServiceException":
        return errors.ServiceUnavailable("Cognito is not available. Try again.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.InternalErrorException("Cognito failed. Try again.")
    if not name:
        cause = f"HTTP {status}: {urlsplit(client.meta.endpoint_url).hostname}"
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return errors.InternalFailure(cause)
        return errors.ServiceUnavailable(_UNCLEAR, cause)
    advice = _NO_ROLE if name == "InvalidIdentityPoolConfigurationException" else ""
    return errors.InternalFailure(_without_secrets(f"{name}: {message}", secrets) + advice)


def _without_secrets(message: str, secrets: Iterable[Secret]) -> str:
    # JSON may carry a lone surrogate, which no response and no log could be encoded with.
    text = message[: 2 * _LONGEST_MESSAGE].encode(errors="replace").decode()
    # Checked before it is cut: the cut could leave a fragment too short to be recognised.
    return _WITHHELD if reveals(text, secrets) else text[:_LONGEST_MESSAGE]
