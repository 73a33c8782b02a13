"""The signature of a request to the token issuer, computed again by botocore.

The local bridge looks at none.
"""

import re
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug import Request

from tests.examples.stand import KEY, SECRET

_FORM: Final = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=([0-9a-f]{64})"
)


class Signature(NamedTuple):
    """What the Authorization header says."""

    scope: str
    headers: list[str]
    signature: str


def sent_with(sent: Request) -> Signature:
    """The signature that the request came with."""
    found = _FORM.fullmatch(sent.headers["Authorization"])
    assert found
    return Signature(found[1], found[2].split(";"), found[3])


def due(sent: Request, session: str | None) -> str:
    """The signature that it should have, by the headers that arrived."""
    signed = sent_with(sent).headers
    headers = {name: value for name, value in sent.headers.items() if name.lower() in signed}
    request = AWSRequest("POST", sent.url, headers=headers, data=sent.get_data())
    request.context["timestamp"] = sent.headers["X-Amz-Date"]
    signing = SigV4Auth(Credentials(KEY, SECRET, session), "execute-api", "eu-central-1")
    canonical = signing.canonical_request(request)
    assert urlsplit(sent.url).path in canonical
    assert canonical.splitlines()[-2] == ";".join(signed)
    return signing.signature(signing.string_to_sign(request, canonical), request)
