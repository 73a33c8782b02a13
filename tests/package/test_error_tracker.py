"""An error tracker in the function's process, such as Sentry as a layer, sends what the frames of
an exception hold: none that it gets has a login, a tag, a token or a key in them."""

import json
from pathlib import Path

import pytest

from tests.kit.acts import Act, Reply, answers, at_exchange, garbage, refuses
from tests.kit.builders import LOGIN
from tests.kit.cognito import Cognito, served
from tests.kit.contract import DOORS, SECRETS, TAG
from tests.package.conftest import run_alone
from tests.package.test_imports import NEIGHBOURS, beside_neighbours

# Prints what would be sent for each event: of errors in the log, and of those that escape.
TRACKED = """
import json, sys, types
import sentry_sdk
class Transport(sentry_sdk.Transport):
    sent = []
    def capture_envelope(self, envelope):
        self.sent += [item.payload.json for item in envelope.items]
sentry_sdk.init(dsn="https://key@localhost/1", transport=Transport, traces_sample_rate=1)
from openid_token.handler import handler
def track(event, context):
    __traceback_hide__ = True  # Sentry's own frames are not sent.
    try:
        handler(event, context)
    except Exception:
        sentry_sdk.capture_exception()
context = types.SimpleNamespace(
    aws_request_id="", function_name="", invoked_function_arn="", memory_limit_in_mb="1"
)
for event in json.load(sys.stdin):
    track(event, context)
sentry_sdk.flush()
print(json.dumps(Transport.sent, default=str))
"""
# Each with how many of the doors it is met at.
FAULTS: dict[str, tuple[Act, int]] = {
    "it fails": (refuses("InternalErrorException", f"{LOGIN} {TAG}", 500), len(DOORS)),
    "it refuses the role": (refuses("AccessDeniedException", "No."), len(DOORS)),
    "it is not understood": (garbage, len(DOORS)),
    "somebody else answers": (answers(Reply(302, LOGIN.encode())), len(DOORS)),
    "its exchange is not understood": (at_exchange(garbage), 1),
}


@beside_neighbours
@pytest.mark.parametrize(("act", "doors"), FAULTS.values(), ids=FAULTS)
def test_it_is_sent_no_secret(built_package: Path, act: Act, doors: int) -> None:
    events = [door.good for door in DOORS.values()]
    with served(Cognito(act)) as url:
        printed = run_alone(
            built_package,
            TRACKED,
            given=json.dumps(events),
            behind=NEIGHBOURS,
            AWS_ENDPOINT_URL_COGNITO_IDENTITY=url,
            JWT_ISSUER="https://login.example.com",
            PRINCIPAL_TAG_CLAIMS="department=custom:department",
        )
    [sent] = [line for line in printed.splitlines() if line.startswith("[")]
    assert sent.count('"logger": "openid-token-issuer"') == doors
    assert [secret for secret in SECRETS if secret in sent] == []
