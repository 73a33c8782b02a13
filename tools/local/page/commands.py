"""The commands that try a running stack, for the terminal and for the page. None has a JWT in its
arguments, which every process of the machine can read."""

import json
import shlex
from typing import NamedTuple

from tools.local.cognito.embedded import Cognito
from tools.local.jwt_issuer import PATH
from tools.local.sdk import exports, outputs

USER = "user-4711"
ISSUED = f"{PATH}/token?sub={USER}"
"""Where the gateway has a login of this user: a JWT, or what is tried in its place."""


class Login(NamedTuple):
    """`what` is in the file of a user's login, and `scheme` before it in `Authorization`."""

    what: str
    scheme: str


BY_JWT = Login(f"A JWT for {USER}, from the local JWT issuer, in a file", "Bearer ")
BY_AUTHORIZER = Login(
    f"A session token for {USER}, signed with HS256 by SESSION_KEY (the shell's, or one of this"
    " run), in a file; or write there what else your authorizer takes as the header Authorization,"
    " without a line break",
    "",
)


def commands(url: str, cognito: Cognito, login: Login) -> dict[str, str]:
    """By what each of them gives."""
    logins = {cognito.developer_provider_name: USER}
    body = json.dumps({"identity_pool_id": cognito.identity_pool_id, "logins": logins})
    return {
        "A token for a user of yours, as a backend (no signature is needed here)": (
            f"curl {url}/token -H 'content-type: application/json' \\\n  -d {shlex.quote(body)}"
        ),
        login.what: f"(umask 077; curl -s -o user.jwt '{url}{ISSUED}')",
        "With that file, a token for the user": (
            f"sed 's/^/authorization: {login.scheme}/' user.jwt | curl -X POST -H @- {url}/me/token"
        ),
        "With that file, AWS credentials for any AWS SDK and the AWS CLI, in a shell that has no"
        " others": f"{exports(url, cognito)}\naws sts get-caller-identity",
        "What the README's commands read, and the guides', which take any AWS keys here": outputs(
            url, cognito
        ),
    }
