"""What stands beside the emulated AWS: moto's identity pools, since it lacks their calls, and an
issuer of users' JWTs."""

import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import trustme
from moto.cognitoidentity import urls
from moto.cognitoidentity.models import CognitoIdentityPool, cognitoidentity_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tools.emulated_aws.ministack import REGION
from tools.local.cognito.identity_pools import IdentityPools
from tools.local.gateway.response import json_response
from tools.local.jwt_issuer.signing import JwtIssuer, create, discovery, jwks


@contextmanager
def identity_pools() -> Iterator[str]:
    """Serve moto's; yields their endpoint."""
    urls.url_paths = {"{0}/$": IdentityPools.dispatch}
    with _serving(DomainDispatcherApplication(create_backend_app)) as endpoint:
        yield endpoint


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
    issuers: list[JwtIssuer] = []

    @Request.application
    def documents(request: Request) -> Response:
        document = discovery if request.path.endswith("openid-configuration") else jwks
        return json_response(document(issuers[0]))

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with _serving(documents, context) as origin:
        issuers.append(create(origin))
        yield issuers[0]


@contextmanager
def _serving(application: Any, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = make_server("127.0.0.1", 0, application, threaded=True, ssl_context=tls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
