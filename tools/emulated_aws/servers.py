"""What the emulated AWS is told of moto's identity pools, since it lacks their calls; and an issuer
of users' JWTs beside it."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import trustme
from moto.cognitoidentity.models import CognitoIdentityPool, cognitoidentity_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from werkzeug.wrappers import Request

from tools.emulated_aws.ministack import REGION
from tools.local.gateway import server
from tools.local.jwt_issuer.pages import pages
from tools.local.jwt_issuer.signing import JwtIssuer, create


def adopt(pool: str) -> None:
    """Let moto have a pool of the emulated AWS, and give its users a role."""
    pools = cognitoidentity_backends[DEFAULT_ACCOUNT_ID][REGION].identity_pools
    pools[pool] = CognitoIdentityPool(REGION, "adopted")
    role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/user"
    client = boto3.client("cognito-identity")
    client.set_identity_pool_roles(IdentityPoolId=pool, Roles={"authenticated": role})


@contextmanager
def jwt_issuer(authority: trustme.CA) -> Iterator[JwtIssuer]:
    """Serve an issuer's documents over TLS, as API Gateway wants it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(server.LOOPBACK).configure_cert(context)
    with server.opened() as listening:
        issuer = create(server.url_of(listening, "https"))
        documents = pages(issuer)
        application = Request.application(lambda asked: documents[f"GET {asked.path}"](asked))
        with server.served(application, listening, context):
            yield issuer
