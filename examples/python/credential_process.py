"""A user's AWS credentials for an AWS profile, so that the AWS CLI and every SDK act as the user:

    [profile user-4711]
    region = eu-central-1
    credential_process = python3 /opt/examples/credential_process.py user-4711

A backend names the user, and signs with its own AWS credentials. A signed-in user names nobody:
the JWT, or what else your login is, in the file USER_JWT_FILE says who it is, and is sent to
USER_CREDENTIALS_ENDPOINT.

It needs the files beside it and boto3: `python3 -m pip install boto3`. Each setting is a variable
or an option: POOL or --pool. `--help` lists them. What is wrong is one line on standard error; the
status is then 1, or 2 for a setting.
"""

import argparse
import codecs
import json
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

try:
    import boto3
    from botocore.awsrequest import AWSRequest
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

    from answers import WORD, SettingError, TokenIssuerError, answer_to, one_line, part, required
    from refreshing_credentials import credentials_of
    from token_issuer import deployment
except ModuleNotFoundError as missing:
    told = f"There is no {missing.name}: copy the whole folder, and python3 -m pip install boto3"
    raise SystemExit(told) from None

SETTINGS = {
    "POOL": "the identity pool's id",
    "PROVIDER": "the pool's developer provider name",
    "TOKEN_ENDPOINT": "the stack's output TokenEndpoint",
    "FUNCTION_ALIAS_ARN": "or its output FunctionAliasArn, to invoke the function",
    "CALLER_PROFILE": "the profile that signs the call, if it is not the default one",
    "ROLE_ARN": "the role to assume, for the classic flow",
    "USER_CREDENTIALS_ENDPOINT": "the stack's output UserCredentialsEndpoint",
    "USER_JWT_FILE": "the file with the signed-in user's JWT or other login",
}
_TRUST = "Compare the role's trust policy with the one in docs/using-the-token.md."
ADVICE = {
    "AccessDenied": _TRUST,
    "AccessDeniedException": "The AWS credentials that sign the call may not invoke the function.",
    "InvalidIdentityPoolConfigurationException": "Give the pool a role for authenticated users. "
    + _TRUST,
    "TooManyRequestsException": "Wait for a moment, then try again.",
}
_ASKING = "TOKEN_ISSUER_CREDENTIAL_PROCESS"


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SettingError(f"{message}. See --help.")


def main() -> int:
    """0 with the credentials on standard output; 1 when they are refused, 2 for a setting."""
    try:
        user, settings = _told()
        found = _of_backend(user, settings) if user else _of_signed_in_user(settings)
    except SettingError as error:
        return _complain(2, error)
    except NoCredentialsError as error:
        return _complain(2, error, "The call to the token issuer is signed with them.")
    except TokenIssuerError as error:
        return _complain(1, error)
    except ClientError as error:
        return _complain(1, error, ADVICE.get(error.response["Error"]["Code"], ""))
    except BotoCoreError as error:
        return _complain(1, error, "Check the endpoint, the region and the network.")
    except Exception as error:  # noqa: BLE001
        # Its message may be what was answered.
        return _complain(1, type(error).__name__, "An answer makes no sense: check the endpoints.")
    print(json.dumps({"Version": 1, **found}))
    return 0


def _told() -> tuple[str | None, Mapping[str, str]]:
    """The user, if there is one, and the settings: an option goes before its variable."""
    description, _, _ = (__doc__ or "").partition("\n")
    parser = _Parser(description=description, allow_abbrev=False)
    parser.add_argument("user", nargs="?", help="the user of your own system, for a backend")
    for name, meaning in SETTINGS.items():
        parser.add_argument(f"--{name.lower().replace('_', '-')}", dest=name, help=meaning)
    given = vars(parser.parse_args())
    user = given.pop("user")
    return user, {**os.environ, **{name: value for name, value in given.items() if value}}


def _of_backend(user: str, settings: Mapping[str, str]) -> dict[str, str]:
    issuer = deployment(settings)
    credentials = credentials_of(user, issuer, settings.get("ROLE_ARN"), _caller(settings))
    return {
        "AccessKeyId": credentials["access_key"],
        "SecretAccessKey": credentials["secret_key"],
        "SessionToken": credentials["token"],
        "Expiration": credentials["expiry_time"],
    }


def _caller(settings: Mapping[str, str]) -> boto3.Session:
    """Who signs: never the profile that this program is run for, which would run it again."""
    if _ASKING in os.environ:
        raise SettingError(
            "The profile that signs the call runs this program as well:"
            " set CALLER_PROFILE to one that has credentials of its own."
        )
    os.environ[_ASKING] = "yes"
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    return boto3.Session(profile_name=settings.get("CALLER_PROFILE"))


def _of_signed_in_user(settings: Mapping[str, str]) -> dict[str, str]:
    if not settings.get("USER_CREDENTIALS_ENDPOINT"):
        raise SettingError("Name the user, or set USER_CREDENTIALS_ENDPOINT for a signed-in one.")
    file = required(settings, "USER_JWT_FILE", SETTINGS["USER_JWT_FILE"])
    headers = {"authorization": _login(Path(file).expanduser())}
    answer = answer_to(AWSRequest("GET", settings["USER_CREDENTIALS_ENDPOINT"], headers=headers))
    same = {
        name: part(answer, WORD, name) for name in ("AccessKeyId", "SecretAccessKey", "Expiration")
    }
    return {**same, "SessionToken": part(answer, WORD, "Token")}


def _login(file: Path) -> str:
    """What the file holds, as AWS SDKs would send it. PowerShell marks the order of its bytes."""
    try:
        content = file.read_bytes()
        wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = content.decode("utf-16" if wide else "utf-8-sig").strip()
    except OSError as error:
        raise SettingError(f"USER_JWT_FILE: {file}: {error.strerror}.") from None
    except ValueError:
        text = ""
    if not re.fullmatch(f"({WORD} )?{WORD}", text):
        raise SettingError(f"USER_JWT_FILE: {file} must hold a JWT, or another login, and no more.")
    return text


def _complain(status: int, error: object, advice: str = "") -> int:
    print(one_line(str(error), advice), file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
