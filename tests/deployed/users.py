"""Whom the users' doors take: the issuer's users, and those whom the owner's authorizer knows."""

import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import jwt as pyjwt

from tests.deployed.changes import Aws
from tools import ROOT
from tools.emulated_aws import sam, stand_ins
from tools.local.jwt_issuer import JwtIssuer, registered, sign
from tools.smoke import checks, doors
from tools.smoke.checks import Checks
from tools.smoke.doors import DENIED, jwt_of, me_token, post, refused, result
from tools.smoke.report import FallsShort, same
from tools.smoke.stack import Stack

# The parameters that `WITH_LIMITS` is about, and the claims of its user.
LIMITS = {
    "AllowedPrincipalTags": "department",
    "AllowedLoginProviders": "login.example.com",
    "JwtScopes": "tokens",
    "LoginClaim": "user_id",
    "PrincipalTagClaims": "department=unit",
    "UserMaxTokenDuration": "700",
    "AllowedOrigins": "https://app.example.com",
}
USER = {"user_id": "user-1", "unit": "legal", "scope": "tokens"}
_SESSION_KEY = secrets.token_hex(32)
_COOKIES = """import app
def handler(event, context):
    cookie = event["headers"].pop("cookie", None)
    return app.handler(event | ({"cookies": cookie.split("; ")} if cookie else {}), context)
"""


def jwt(issuer: JwtIssuer, **claims: object) -> str:
    """A user's JWT, right but for these claims."""
    return sign(issuer, {**registered(issuer, "a subject"), **USER, **claims})


def wrong_jwts(issuer: JwtIssuer) -> Checks:
    """Those that the issuer signs, and that the stack's parameters keep out."""

    def refuses(status: int = 401, **claims: str) -> Callable[[Stack], object]:
        return lambda stack: doors.user_refused(stack, jwt(issuer, **claims), status)

    return {
        "/me/* refuses: another audience": refuses(aud="another-app"),
        "/me/* refuses: another issuer": refuses(iss="https://127.0.0.1"),
        "/me/* refuses: no scope": refuses(403, scope="other"),
    }


def by_claims(stack: Stack) -> None:
    """A user is who LoginClaim says, with the tags of PrincipalTagClaims."""
    user = result(me_token(stack, jwt_of(stack)))
    logins = {stack.parameters["DeveloperProviderName"]: "user-1"}
    same("the user", user["identity_id"], result(post(stack, logins=logins))["identity_id"])
    same("the user's tags", user["principal_tags"], {"department": "legal"})


WITH_LIMITS: Checks = {
    "AllowedPrincipalTags: no other": lambda s: refused(post(s, principal_tags={"t": "a"}), DENIED),
    "AllowedLoginProviders: no other": lambda s: refused(post(s, logins={"other": "a"}), DENIED),
    "LoginClaim, PrincipalTagClaims: the user's own": by_claims,
    "UserMaxTokenDuration: no longer": lambda s: refused(
        me_token(s, jwt_of(s), token_duration=701), DENIED
    ),
}


def without_role(stack: Stack) -> None:
    """The function's 500 becomes a sentence that says what to do."""
    try:
        checks.credentials(stack)
    except FallsShort as exc:
        same("what is said", checks.NO_ROLE in str(exc), True)
        return
    raise FallsShort("credentials without a role")


def authorizer(directory: Path, aws: Aws) -> str:
    """Deploy `examples/authorizer` with a key of its own; returns its function's ARN."""
    shutil.copytree(ROOT / "examples" / "authorizer", directory)
    shutil.copy(ROOT / "samconfig.toml", directory)
    key = aws.client("secretsmanager").create_secret(Name="session", SecretString=_SESSION_KEY)
    # API Gateway takes cookies out of the headers.
    (directory / "emulated.py").write_text(_COOKIES)
    print("  stand-in: the authorizer's cookies, taken out of the headers before it is called")
    print("  stand-in: where the authorizer finds Secrets Manager, a variable")
    source = directory / "template.yaml"
    text = source.read_text().replace("app.handler", "emulated.handler")
    name = "          COOKIE_NAME: "
    source.write_text(text.replace(name, f"          AWS_ENDPOINT_URL: {aws.endpoint}\n{name}"))
    template = stand_ins.put(source, aws.endpoint)
    sam.deploy(template, {"SessionKeyArn": key["ARN"]}, "authorizer")
    [stack] = aws.client("cloudformation").describe_stacks(StackName="authorizer")["Stacks"]
    [output] = [o["OutputValue"] for o in stack["Outputs"] if ":function:" in o["OutputValue"]]
    return str(output)


def own_login(stack: Stack) -> None:
    """A user with a session token, in a cookie or as bearer, is who it says; others are nobody."""
    claims = {"sub": "user-9", "exp": time.time() + 600}
    token, forged = (pyjwt.encode(claims, key, "HS256") for key in (_SESSION_KEY, "k" * 32))
    stack.secrets |= {token, forged}
    url, credentials = stack.outputs["UserTokenEndpoint"], stack.outputs["UserCredentialsEndpoint"]
    logins = {stack.parameters["DeveloperProviderName"]: "own:user-9"}
    expected = result(post(stack, logins=logins))["identity_id"]
    for header in ({"cookie": f"__Host-session={token}"}, {"authorization": f"Bearer {token}"}):
        same("the user", result(doors.send(url, None, header))["identity_id"], expected)
        given = result(doors.send(credentials, None, header, "GET"))
        same("whose credentials they are", given["IdentityId"], expected)
    for header in ({}, {"authorization": f"Bearer {forged}"}):
        refused(doors.send(url, None, header))
        refused(doors.send(credentials, None, header, "GET"))
