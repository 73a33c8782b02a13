"""Deploys the older release and this one over it, with one set of parameters after another, and
makes the checks of each."""

import gzip
import os
import shutil
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import trustme

from tests.deployed import changes, organisation, users
from tests.deployed.changes import Aws
from tests.deployed.smoked import NAME, WITHOUT_ISSUER, smoked
from tools import ARCHITECTURE
from tools.emulated_aws import ministack, sam, stand_ins
from tools.emulated_aws.servers import jwt_issuer
from tools.local.cognito.identity_pools import IdentityPools
from tools.local.cognito.server import application
from tools.local.web import server
from tools.packager.release import release
from tools.smoke.checks import ISSUING
from tools.smoke.report import Report
from tools.smoke.stack import find

COGNITO = "AWS_ENDPOINT_URL_COGNITO_IDENTITY"
OLDER = Path(__file__).with_name("template-0.1.0.yaml.gz")


def run(report: Report, folder: Path, aws: Aws) -> None:
    """From the older release; an issuer and limits; an organisation's rules; a pool that two share;
    the owners' own login; the end."""
    older = folder / "older.yaml"
    older.write_bytes(gzip.decompress(OLDER.read_bytes()))
    sam.deploy(stand_ins.put(older, aws.endpoint), {"Architecture": ARCHITECTURE})
    before = changes.names(find(NAME))
    template = stand_ins.put(folder / "template.yaml", aws.endpoint)
    sam.deploy(template, {"Architecture": ARCHITECTURE})
    stack = find(NAME)
    kept = partial(changes.same_names, before)
    report.make({"The update from 0.1.0 changes no name": kept}, stack)
    aws.adopt(stack)
    smoked(report)
    report.make(WITHOUT_ISSUER, stack)

    given = {"JwtIssuer": aws.issuer.url, "JwtAudience": aws.issuer.audience}
    sam.deploy(template, given | users.LIMITS)
    stack = find(NAME, users.jwt(aws.issuer))
    smoked(report, str(stack.jwt))
    report.make(users.wrong_jwts(aws.issuer) | users.WITH_LIMITS, stack)
    aws.adopt(stack, with_role=False)
    report.make({"Without a role: what to do is said": users.without_role}, stack)
    aws.adopt(stack)

    organisation.ruled(report, template, aws)
    organisation.shared(report, template, aws)
    sam.deploy(template, {"MaxTokenDuration": "600", "AllowedLoginPrefix": ""})
    stack = find(NAME, stack.jwt)
    report.make({"A lower limit reaches each door": changes.too_long}, stack)

    owners = users.authorizer(folder / "authorizer", aws)
    none = dict.fromkeys(("JwtIssuer", "JwtAudience", "JwtScopes", "PrincipalTagClaims"), "")
    own = {"UserAuthorizerArn": owners, "LoginPrefix": "own:", "LoginClaim": "sub"}
    sam.deploy(template, none | own)
    report.make({"An authorizer of the owner's vouches for users": users.own_login}, find(NAME))
    back = {"UserAuthorizerArn": "", "LoginPrefix": ""}
    sam.deploy(template, users.LIMITS | given | back)
    stack = find(NAME, stack.jwt)
    report.make({"And back: a JWT does again": users.by_claims}, stack)

    changes.spoil(stack)
    checks = {f"{what}, whatever $LATEST is": check for what, check in ISSUING.items()}
    report.make(checks, stack)
    report.make({"Deletion keeps the pool and the logs": partial(changes.kept, aws=aws)}, stack)


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
