"""What a deployed stack does, seen by its caller: one sentence for each check."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from tools.smoke import doors
from tools.smoke.doors import DENIED, OTHER_POOL, invoke, post, refused, result, start
from tools.smoke.report import FallsShort, Skipped, same
from tools.smoke.stack import Stack

CREDENTIALS = {"AccessKeyId", "SecretAccessKey", "Token", "Expiration", "IdentityId"}
NO_ROLE = (
    "has the pool a role for authenticated users? aws cognito-identity set-identity-pool-roles"
    " gives it one, which must trust the pool"
)
NO_ALGORITHM = base64.urlsafe_b64encode(b'{"alg": "none", "typ": "JWT"}').decode().rstrip("=")
type Checks = dict[str, Callable[[Stack], object]]


def credentials(stack: Stack) -> None:
    """What an SDK's container credentials provider reads."""
    response = doors.me_credentials(stack, doors.jwt_of(stack))
    if response.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        raise FallsShort(f"{response.json().get('code')}: {NO_ROLE}")
    found = result(response)
    stack.secrets |= {found["SecretAccessKey"], found["Token"]}
    stack.doors.add("user_credentials")
    same("what comes back", {*found}, CREDENTIALS)
    valid = datetime.fromisoformat(found["Expiration"]) > datetime.now(UTC)
    same("whether they are valid", valid, True)


def named(stack: Stack) -> None:
    """Whether everybody who has a token can read the login in it: a token of Cognito's own says."""
    claims = stack.issued("api", result(post(stack)))
    whether = "names" if stack.login in json.dumps(claims) else "does not name"
    print(f"          the token's amr {whether} the login", flush=True)


def too_long(stack: Stack) -> None:
    """Refused by the stack's limit, or by the API's own where it is the same."""
    limit = int(stack.parameters["MaxTokenDuration"])
    code, status = (DENIED, 403) if limit < 86400 else ("InvalidParameterException", 400)
    refused(post(stack, token_duration=limit + 1), code, status)


def altered_jwt(stack: Stack, signature: str, head: str = "") -> None:
    """The user's own claims with another signature."""
    own, claims, _ = doors.jwt_of(stack).split(".")
    doors.user_refused(stack, f"{head or own}.{claims}.{signature}")


def recorded(stack: Stack) -> None:
    """Each door's record, which may take a minute; its service is the stack."""
    for _ in range(60):
        lines = stack.logged(stack.log_groups()["IssueTokenLogGroup"])
        records = [json.loads(line) for line in lines if line.startswith("{")]
        issued = [each for each in records if each.get("outcome") == "issued"]
        if stack.doors <= {each["door"] for each in issued if each["service"] == stack.name}:
            return
        time.sleep(1)
    raise FallsShort(f"not of each of {', '.join(sorted(stack.doors))}")


def no_secrets(stack: Stack) -> None:
    """Not in the function's log, the API's or the workflow's."""
    text = "\n".join(line for group in stack.log_groups().values() for line in stack.logged(group))
    same("a secret in a log", any(each in text for each in {*stack.secrets, stack.login}), False)


def deleted(stack: Stack) -> None:
    """Who it was is told first, since it may stay."""
    if not stack.identities:
        raise Skipped("there is none")
    print(f"          the identity is {', '.join(stack.identities)}", flush=True)
    client = stack.session.client("cognito-identity")
    left = client.delete_identities(IdentityIdsToDelete=list(stack.identities))
    same("what Cognito could not delete", left.get("UnprocessedIdentityIds", []), [])


ISSUING: Checks = {
    "/token gives a backend a token": lambda s: s.issued("api", result(post(s))),
    "The alias gives a direct caller a token": lambda s: s.issued("direct", invoke(s)),
    "The workflow gives a token": lambda s: s.issued("step_functions", start(s)),
    "/me/token gives a user a token": lambda s: s.issued(
        "user_api", result(doors.me_token(s, doors.jwt_of(s)))
    ),
    "/me/credentials gives a user credentials": credentials,
}
OTHERS: Checks = {
    "/token refuses: no signature": lambda s: refused(doors.send(s.outputs["TokenEndpoint"], "{}")),
    "/token refuses: another secret key": lambda s: refused(post(s, doors.another_secret(s))),
    "/token refuses: an altered body": lambda s: refused(post(s, altered=" ")),
    "/token refuses: no permission": lambda s: refused(post(s, doors.without_permission(s))),
    "/token refuses: longer than MaxTokenDuration": too_long,
    "/token refuses: another pool": lambda s: refused(post(s, **OTHER_POOL), DENIED),
    "The alias refuses by name": lambda s: same("it", invoke(s, **OTHER_POOL)["errorType"], DENIED),
    "The alias gives an identity alone": lambda s: same(
        "it", {*invoke(s, identity_only=True)}, {"identity_pool_id", "identity_id"}
    ),
    "The workflow refuses by name": lambda s: same("it", start(s, **OTHER_POOL)["error"], DENIED),
    "The workflow says what to do": lambda s: same(
        "it", start(s, **OTHER_POOL)["cause"].partition(":")[0], "Correct the arguments"
    ),
    "The workflow refuses an event of API Gateway": lambda s: same(
        "the status", start(s, requestContext={})["status"], "FAILED"
    ),
    "/me/* refuses: no JWT": lambda s: doors.user_refused(s, doors.jwt_of(s)[:0]),
    "/me/* refuses: another signature": lambda s: altered_jwt(s, "A" * 342),
    "/me/* refuses: alg none": lambda s: altered_jwt(s, "", NO_ALGORITHM),
    "What a token says of its user is told": named,
    "The log has a record from each door": recorded,
    "No log has a token, a key, a JWT or a login": no_secrets,
    "The identity of this run is deleted": deleted,
}
CHECKS: Checks = ISSUING | OTHERS
