"""The signature of a request to the token issuer, computed again by botocore.

The local bridge looks at none.
"""

import re
from datetime import UTC, datetime, timedelta

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from werkzeug import Request

from tests.examples.stand import KEY, SECRET


def assert_signed(sent: Request, session: str | None) -> None:
    """It is signed now for execute-api in the pool's region, with the key of the stand."""
    form = r"AWS4-HMAC-SHA256 Credential=(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=(\w{64})"
    found = re.fullmatch(form, sent.headers["Authorization"])
    assert found
    at, signed = sent.headers["X-Amz-Date"], found[2].split(";")
    assert found[1] == f"{KEY}/{at[:8]}/eu-central-1/execute-api/aws4_request"
    assert datetime.now(UTC) - datetime.strptime(at, "%Y%m%dT%H%M%S%z") < timedelta(minutes=1)
    assert {"host", "x-amz-date"} <= set(signed)
    assert sent.headers.get("X-Amz-Security-Token") == session
    headers = {name: value for name, value in sent.headers.items() if name.lower() in signed}
    request = AWSRequest("POST", sent.url, headers=headers, data=sent.get_data())
    request.context["timestamp"] = at
    signing = SigV4Auth(Credentials(KEY, SECRET, session), "execute-api", "eu-central-1")
    canonical = signing.canonical_request(request)
    assert canonical.splitlines()[-2] == found[2]
    assert signing.signature(signing.string_to_sign(request, canonical), request) == found[3]
