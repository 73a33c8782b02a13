"""`make test-deployed`: deploys into an emulated AWS, and makes the checks of `tests.deployed`."""

import gzip
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import jwt as pyjwt
import trustme
from joserfc.jwk import RSAKey

from tests.deployed import changes, doors, smoke
from tests.deployed.report import FallsShort, Report, same
from tests.deployed.smoke import Checks
from tests.deployed.stack import Stack, find
from tests.kit.built import ARCHITECTURE
from tools import ROOT
from tools.emulated_aws import ministack, sam, stand_ins
from tools.emulated_aws.servers import jwt_issuer
from tools.local.cognito.embedded import PROVIDER
from tools.local.cognito.identity_pools import IdentityPools, Pool
from tools.local.cognito.server import application
from tools.local.jwt_issuer.signing import JwtIssuer, registered, sign
from tools.local.web import server
from tools.packager.release import release

NAME = "openid-token-issuer"
COGNITO = "AWS_ENDPOINT_URL_COGNITO_IDENTITY"


def make_smoke(stack: str = NAME, **environment: str) -> list[str]:
    """What `make smoke` says; an empty variable is left out."""
    given = {name: value for name, value in {**os.environ, **environment}.items() if value}
    command = ["make", "--silent", "smoke", f"STACK={stack}"]
    ended = subprocess.run(command, env=given, check=False, text=True, stdout=-1, stderr=-2)
    return [line for line in ended.stdout.splitlines() if not line.startswith(("make: ", "make["))]


def smoked(report: Report, jwt: str = "") -> None:
    """Take over what `make smoke` says; all that it may skip are users without an issuer."""
    said = make_smoke(JWT=jwt)
    lines = [line.strip().partition(" ") for line in said]
    outcomes = [line for line in lines if line[0] in {"holds", "SHORT", "skipped"}]
    for outcome, _, sentence in outcomes:
        skips = outcome == "skipped" and (jwt or "no JWT issuer" not in sentence)
        report.line("SHORT" if skips else outcome, sentence.strip())
    checks = {
        "make smoke makes each check": lambda _: same("all", len(outcomes), len(smoke.CHECKS)),
        "make smoke shows no token": lambda _: same("one", "eyJ" in str(said), False),
    }
    report.make(checks, None)


def says(sentence: str, stack: str = NAME, **environment: str) -> None:
    """`make smoke` has nothing to check, and this one line says so."""
    (line,) = make_smoke(stack, **environment)
    same("the line", line[: len(sentence)], sentence)


def jwt(issuer: JwtIssuer, **claims: object) -> str:
    """A user's JWT, right but for these claims."""
    return sign(issuer, {**registered(issuer, "a subject"), **changes.USER, **claims})


def wrong_jwts(issuer: JwtIssuer) -> Checks:
    """Those that only who has the issuer's key can make; one has a key of its own instead."""
    key = RSAKey.generate_key(2048, {"kid": str(issuer.key.kid)})
    wrong = {
        "expired": jwt(issuer, exp=int(time.time()) - 1),
        "another audience": jwt(issuer, aud="another-app"),
        "another issuer": jwt(issuer, iss="https://127.0.0.1"),
        "another key": jwt(replace(issuer, key=key)),
    }
    refusals = {what: partial(doors.user_refused, jwt=each) for what, each in wrong.items()}
    refusals["no scope"] = partial(doors.user_refused, jwt=jwt(issuer, scope="other"), status=403)
    return {f"/me/* refuses: {what}": check for what, check in refusals.items()}


WITHOUT_ISSUER: Checks = {
    "No issuer, no /me/token": lambda s: doors.refused(
        doors.send(s.outputs["TokenEndpoint"].replace("/token", "/me/token"), "{}", {}), status=404
    ),
    "No credentials: one line": lambda _: says("AWS can't be asked", AWS_ACCESS_KEY_ID=""),
    "No such stack: one line": lambda _: says("There is no stack other in eu-central-1", "other"),
    "Another region: one line": lambda _: says("There is no stack", AWS_DEFAULT_REGION="eu-west-1"),
}


OLDER = Path(__file__).with_name("template-0.1.0.yaml.gz")
# Names that an update may change, with the CHANGELOG's word for it.
RENAMED = {"TokenApiLogGroup"}
POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
COOKIES = """import app
def handler(event, context):
    cookie = event["headers"].pop("cookie", None)
    return app.handler(event | ({"cookies": cookie.split("; ")} if cookie else {}), context)
"""
SESSION_KEY = secrets.token_hex(32)


@dataclass(frozen=True)
class Aws:
    """The emulated AWS, and what stands beside it."""

    endpoint: str
    pools: IdentityPools
    issuer: JwtIssuer

    def client(self, service: str) -> Any:
        """A client of the account's root."""
        return ministack.root_client(service, self.endpoint)

    def adopt(self, stack: Stack) -> None:
        """Let the embedded Cognito have the stack's pool, with the role that it was given."""
        roles = self.client("cognito-identity").get_identity_pool_roles(
            IdentityPoolId=stack.outputs["PoolId"]
        )
        self.pools.pools[stack.outputs["PoolId"]] = Pool(PROVIDER, roles["Roles"]["authenticated"])


def names(stack: Stack) -> dict[str, str]:
    """What an update must not change: the pool, the logs and where callers find the stack."""
    return {**stack.log_groups(), **{n: v for n, v in stack.outputs.items() if n != "Version"}}


def same_names(before: Mapping[str, str], stack: Stack) -> None:
    """Nothing is called otherwise after the update, but what the CHANGELOG says."""
    after = names(stack)
    changed = {name for name in before if after.get(name) != before[name]}
    same("what has another name", changed, RENAMED)


def users_role(stack: Stack, aws: Aws) -> None:
    """The pool's users have a role of the stack's, which trusts them alone, with that policy."""
    role = stack.outputs["UserRoleName"]
    iam, pool = aws.client("iam"), stack.outputs["PoolId"]
    trust = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    [statement] = (json.loads(trust) if isinstance(trust, str) else trust)["Statement"]
    aud = statement["Condition"]["StringEquals"]["cognito-identity.amazonaws.com:aud"]
    same("whom the role trusts", aud, pool)
    attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    same("its policies", [each["PolicyArn"] for each in attached], [POLICY])


def subnets(stack: Stack, aws: Aws, inside: bool) -> None:
    """Lambda may connect the function to subnets only where the parameters name some, and it
    answers."""
    function = stack.outputs["FunctionAliasArn"].removesuffix(":live")
    found = aws.client("lambda").get_function_configuration(FunctionName=function)
    role = found["Role"].rpartition("/")[2]
    policy = aws.client("iam").get_role_policy(RoleName=role, PolicyName="issue-tokens")
    text = json.dumps(policy["PolicyDocument"])
    same("whether its role may connect it", "ec2:CreateNetworkInterface" in text, inside)
    stack.issued("direct", doors.invoke(stack))


def refused_before_anything(template: Path, aws: Aws, parameters: dict[str, str]) -> None:
    """The template's rules refuse these, and nothing is made."""
    try:
        sam.deploy(template, parameters, "refused")
    except sam.SamError:
        stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
        made = [s for s in stacks if s["StackName"] == "refused"]
        resources = [
            each
            for s in made
            for each in aws.client("cloudformation").list_stack_resources(StackName=s["StackName"])[
                "StackResourceSummaries"
            ]
        ]
        same("what was made", resources, [])
        return
    raise FallsShort("it was deployed")


def own_login(stack: Stack) -> None:
    """A user with a session token, in a cookie or as bearer, is who it says; others are nobody."""
    token = pyjwt.encode({"sub": "user-9", "exp": time.time() + 600}, SESSION_KEY, "HS256")
    old = pyjwt.encode({"sub": "user-9", "exp": time.time() - 1}, SESSION_KEY, "HS256")
    forged = pyjwt.encode({"sub": "user-9", "exp": time.time() + 600}, "k" * 32, "HS256")
    stack.secrets |= {token, old, forged}
    url, credentials = stack.outputs["UserTokenEndpoint"], stack.outputs["UserCredentialsEndpoint"]
    expected = doors.result(
        doors.post(stack, logins={stack.parameters["DeveloperProviderName"]: "own:user-9"})
    )["identity_id"]
    for header in ({"cookie": f"__Host-session={token}"}, {"authorization": f"Bearer {token}"}):
        found = doors.result(doors.send(url, None, header))
        same("the user", found["identity_id"], expected)
        given = doors.result(doors.send(credentials, None, header, "GET"))
        same("whose credentials they are", given["IdentityId"], expected)
    for header in ({}, {"cookie": f"__Host-session={old}"}, {"authorization": f"Bearer {forged}"}):
        doors.refused(doors.send(url, None, header))
        doors.refused(doors.send(credentials, None, header, "GET"))


def authorizer(directory: Path, aws: Aws) -> str:
    """Deploy `examples/authorizer` with a key of its own; returns its function's ARN."""
    shutil.copytree(ROOT / "examples" / "authorizer", directory)
    (directory / "samconfig.toml").write_text((ROOT / "samconfig.toml").read_text())
    key = aws.client("secretsmanager").create_secret(Name="session", SecretString=SESSION_KEY)
    # API Gateway takes cookies out of the headers.
    (directory / "emulated.py").write_text(COOKIES)
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


def run(report: Report, folder: Path, aws: Aws) -> None:
    """From the older release; an issuer and limits; subnets; the owners' own login; the end."""
    older = folder / "older.yaml"
    older.write_bytes(gzip.decompress(OLDER.read_bytes()))
    sam.deploy(stand_ins.put(older, aws.endpoint), {"Architecture": ARCHITECTURE})
    before = names(find(NAME))
    template = stand_ins.put(folder / "template.yaml", aws.endpoint)
    sam.deploy(template, {"Architecture": ARCHITECTURE, "UserPolicyArns": POLICY})
    stack = find(NAME)
    report.make({"The update from 0.1.0 changes no name": partial(same_names, before)}, stack)
    report.make({"The pool's users have a role": partial(users_role, aws=aws)}, stack)
    aws.adopt(stack)
    smoked(report)
    report.make(WITHOUT_ISSUER, stack)

    given = {"JwtIssuer": aws.issuer.url, "JwtAudience": aws.issuer.audience}
    sam.deploy(template, given | changes.LIMITS)
    stack = find(NAME, jwt(aws.issuer))
    smoked(report, str(stack.jwt))
    report.make(wrong_jwts(aws.issuer) | changes.WITH_LIMITS, stack)
    aws.pools.pools[stack.outputs["PoolId"]] = Pool(PROVIDER, None)
    report.make({"Without a role: what to do is said": without_role}, stack)
    aws.adopt(stack)

    in_subnets(report, template, aws)
    sam.deploy(template, {"MaxTokenDuration": "600"})
    stack = find(NAME, stack.jwt)
    report.make({"A lower limit reaches each door": changes.too_long}, stack)

    owners = authorizer(folder / "authorizer", aws)
    none = dict.fromkeys(("JwtIssuer", "JwtAudience", "JwtScopes", "PrincipalTagClaims"), "")
    own = {"UserAuthorizerArn": owners, "LoginPrefix": "own:", "LoginClaim": "sub"}
    sam.deploy(template, none | own)
    stack = find(NAME, stack.jwt)
    report.make({"An authorizer of the owner's vouches for users": own_login}, stack)
    back = {"UserAuthorizerArn": "", "LoginPrefix": ""}
    sam.deploy(template, changes.LIMITS | given | back)
    stack = find(NAME, stack.jwt)
    report.make({"And back: a JWT does again": changes.by_claims}, stack)

    changes.spoil(stack)
    checks = {f"{what}, whatever $LATEST is": check for what, check in smoke.ISSUING.items()}
    report.make(checks, stack)
    kept = partial(changes.kept, pools=aws.client("cognito-identity"))
    report.make({"Deletion keeps the pool and the logs": kept}, stack)


def in_subnets(report: Report, template: Path, aws: Aws) -> None:
    """Into the owner's subnets and out again; with one of the two parameters alone nowhere."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="issuer", Description="-", VpcId=vpc)["GroupId"]
    both = {"SubnetIds": subnet, "SecurityGroupIds": group}
    sam.deploy(template, both)
    report.make({"In subnets": partial(subnets, aws=aws, inside=True)}, find(NAME))
    sam.deploy(template, dict.fromkeys(both, ""))
    report.make({"Outside again": partial(subnets, aws=aws, inside=False)}, find(NAME))
    alone = {"SubnetIds": subnet, "Architecture": ARCHITECTURE}
    refused = partial(refused_before_anything, template, aws)
    report.make({"Subnets alone: refused before anything is made": refused}, alone)


def without_role(stack: Stack) -> None:
    """The function's 500 becomes a sentence that says what to do."""
    try:
        smoke.credentials(stack)
    except FallsShort as exc:
        same("what is said", smoke.NO_ROLE in str(exc), True)
        return
    raise FallsShort("credentials without a role")


def main() -> int:
    """0 when everything holds."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began, report, authority = time.monotonic(), Report(), trustme.CA()
    pools = IdentityPools()
    with (
        tempfile.TemporaryDirectory(prefix="deployed-") as directory,
        authority.cert_pem.tempfile() as trusted,
        server.serving(application(pools)) as cognito,
        jwt_issuer(authority) as issuer,
        ministack.running({COGNITO: cognito, "SSL_CERT_FILE": trusted}) as endpoint,
    ):
        release(Path(directory, "release"), [ARCHITECTURE])
        [zipped] = Path(directory, "release").glob("*.zip")
        shutil.unpack_archive(zipped, directory)
        os.environ.update(ministack.caller(endpoint) | {COGNITO: cognito})
        run(report, Path(directory, zipped.stem), Aws(endpoint, pools, issuer))
    print(f"{time.monotonic() - began:.0f} seconds")
    return report.total()


if __name__ == "__main__":
    sys.exit(main())
