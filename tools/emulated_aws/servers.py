"""An issuer of users' JWTs beside the emulated AWS."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import trustme
from werkzeug.wrappers import Request

from tools.local.jwt_issuer import JwtIssuer, create, pages
from tools.local.web import server


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
