"""`make test-deployed`: deploys into an emulated AWS, and makes the checks of `tests.deployed`."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import trustme
from joserfc.jwk import RSAKey

from tests.built import ARCHITECTURE
from tests.deployed import changes, doors, smoke
from tests.deployed.report import Report, same
from tests.deployed.smoke import Checks
from tests.deployed.stack import find
from tools.emulated_aws import ministack, sam, stand_ins
from tools.emulated_aws.servers import jwt_issuer
from tools.local.cognito.embedded import PROVIDER, ROLE
from tools.local.cognito.identity_pools import IdentityPools, Pool
from tools.local.cognito.server import application
from tools.local.gateway import server
from tools.local.jwt_issuer.signing import JwtIssuer, registered, sign

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


def run(
    report: Report, issuer: JwtIssuer, template: Path, endpoint: str, adopted: IdentityPools
) -> None:
    """The defaults; an issuer and limits; an update; the end."""
    sam.deploy(template, {"Architecture": ARCHITECTURE})
    stack = find(NAME)
    adopted.pools[stack.outputs["PoolId"]] = Pool(PROVIDER, ROLE)
    smoked(report)
    report.make(WITHOUT_ISSUER, stack)

    given = {"JwtIssuer": issuer.url, "JwtAudience": issuer.audience}
    sam.deploy(template, given | changes.LIMITS)
    stack = find(NAME, jwt(issuer))
    smoked(report, str(stack.jwt))
    report.make(wrong_jwts(issuer) | changes.WITH_LIMITS, stack)

    sam.deploy(template, {"MaxTokenDuration": "600"})
    stack = find(NAME, stack.jwt)
    report.make({"A lower limit reaches each door": changes.too_long}, stack)
    changes.spoil(stack)
    checks = {f"{what}, whatever $LATEST is": check for what, check in smoke.ISSUING.items()}
    report.make(checks, stack)
    pools = ministack.root_client("cognito-identity", endpoint)
    kept = partial(changes.kept, pools=pools)
    report.make({"Deletion keeps the pool and the logs": kept}, stack)


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
        sam.build(Path(directory), ARCHITECTURE)
        template = stand_ins.put(Path(directory), endpoint)
        os.environ.update(ministack.caller(endpoint) | {COGNITO: cognito})
        run(report, issuer, template, endpoint, pools)
    print(f"{time.monotonic() - began:.0f} seconds")
    return report.total()


if __name__ == "__main__":
    sys.exit(main())
