"""The command line of the examples: USER in, identity and expiry out, never a secret."""

import os
import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from token_issuer import Issued, SettingError, TokenIssuerError, deployment, token_of

_TRUST = "Compare the role's trust policy with the one in docs/using-the-token.md."
_ANEW = "Use the identity that came with the token, and ask for a new token before it expires."
ADVICE = {
    "AccessDenied": _TRUST,
    "ExpiredTokenException": _ANEW,
    "InvalidIdentityPoolConfigurationException": "Give the pool a role for authenticated users. "
    + _TRUST,
    "InvalidIdentityToken": _ANEW,
    "NotAuthorizedException": _ANEW,
    "TooManyRequestsException": "Wait for a moment, then try again.",
}


def run(exchange: Callable[[Issued], dict[str, str]]) -> int:
    """Issue a token for the user that the command line names, exchange it, print the result.

    Returns 0, or 1 when the issuer or AWS refuses, or 2 when a setting is missing.
    """

    def show(user: str) -> None:
        issued = token_of(user, deployment(os.environ))
        credentials = exchange(issued)
        print(f"identity  {issued.identity_id}\nexpires   {credentials['expiry_time']}")

    return status_of(show)


def status_of(show: Callable[[str], None]) -> int:
    """What `show` did with the user that the command line names, as an exit status."""
    try:
        if len(sys.argv) != 2:
            raise SettingError(f"Name the user: python {sys.argv[0]} USER")
        show(sys.argv[1])
    except SettingError as error:
        return _complain(2, error)
    except NoCredentialsError as error:
        return _complain(2, error, "The call to the token issuer is signed with them.")
    except TokenIssuerError as error:
        return _complain(1, error)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "")
        return _complain(1, error, ADVICE.get(code, ""))
    except BotoCoreError as error:
        return _complain(1, error, "Check the endpoint, the region and the network.")
    return 0


def _complain(status: int, error: Exception, advice: str = "") -> int:
    print(f"{error} {advice}".strip(), file=sys.stderr)
    return status
