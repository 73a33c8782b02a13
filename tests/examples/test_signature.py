"""The request for a token is signed as API Gateway wants it.

The local bridge looks at no signature, so it is computed here again, by botocore.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.examples.commands import COMMANDS, USER
from tests.examples.stand import KEY, SECRET, SESSION, Sent, Stand

_FORM = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(\S+?),\s*SignedHeaders=(\S+?),\s*Signature=([0-9a-f]{64})"
)


@pytest.mark.parametrize("name", ["python enhanced", "cli enhanced"])
def test_it_is_signed_for_execute_api_in_the_pools_region(stand: Stand, name: str) -> None:
    assert stand.run([*COMMANDS[name], USER]).returncode == 0
    [sent] = stand.sent
    found = _FORM.fullmatch(sent.headers["Authorization"])
    assert found
    scope, signed, signature = found.groups()
    at = sent.headers["X-Amz-Date"]
    assert scope == f"{KEY}/{at[:8]}/eu-central-1/execute-api/aws4_request"
    assert {"host", "x-amz-date"} <= set(signed.split(";"))
    assert sent.headers["X-Amz-Security-Token"] == SESSION
    assert datetime.now(UTC) - datetime.strptime(at, "%Y%m%dT%H%M%S%z") < timedelta(minutes=1)
    assert signature == _signature(sent, signed.split(";"), at)


def _signature(sent: Sent, signed: list[str], at: str) -> str:
    headers = {name: value for name, value in sent.headers.items() if name.lower() in signed}
    request = AWSRequest("POST", sent.url, headers=headers, data=sent.body)
    request.context["timestamp"] = at
    signing = SigV4Auth(Credentials(KEY, SECRET, SESSION), "execute-api", "eu-central-1")
    canonical = signing.canonical_request(request)
    assert urlsplit(sent.url).path in canonical
    return signing.signature(signing.string_to_sign(request, canonical), request)
