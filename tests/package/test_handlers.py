"""Our session calls, of botocore's own handlers, those that a plain session would have called."""

import json
from pathlib import Path
from typing import Final

from tests.kit.acts import CREDENTIALS, EXCHANGE, ISSUE
from tests.package.conftest import run_alone

# Prints for our session, and for a plain one, each of botocore's handlers that runs, by its name,
# and for which event: while a client is made, and while it makes a call that is tried again, and
# one that is not signed.
CALLED: Final = """
import json, sys, types
import botocore.session
from botocore import handlers
from botocore.awsrequest import AWSResponse
from openid_token import client

def noting(handler):
    name = getattr(handler, "__qualname__", type(handler).__name__)
    def noted(event_name, **given):
        called.append([event_name, name])
        return handler(event_name=event_name, **given)
    return noted
def answer(request, **_):
    status, body = answers.pop(0)
    raw = types.SimpleNamespace(stream=lambda **_: [json.dumps(body).encode()])
    return AWSResponse(request.url, status, {}, raw)
def run():
    ours = client.create_client("eu-central-1")
    ours.meta.events.register("before-send", answer)
    ours.get_open_id_token_for_developer_identity(IdentityPoolId="", Logins={})
    ours.get_credentials_for_identity(IdentityId="")
    print(json.dumps(called))

given, session = json.load(sys.stdin), botocore.session.Session
handlers.BUILTIN_HANDLERS = client.BUILTIN_HANDLERS = [
    (event, noting(handler), *position) for event, handler, *position in handlers.BUILTIN_HANDLERS
]
called, answers = [], [*given]
run()
called, answers = [], [*given]
client.BUILTIN_HANDLERS, botocore.session.Session = [], lambda **_: session()
run()
"""
ANSWERS: Final = [
    (429, {"__type": "TooManyRequestsException"}),
    (200, {"IdentityId": "", "Token": ""}),
    (200, {"IdentityId": "", "Credentials": CREDENTIALS}),
]


def test_the_same_handlers_are_called_in_the_same_order(built_package: Path) -> None:
    said = run_alone(built_package, CALLED, given=json.dumps(ANSWERS)).splitlines()
    ours, plains = map(json.loads, said)
    assert ours == plains
    events = [
        "creating-client-class.cognito-identity",
        f"before-call.cognito-identity.{ISSUE}",
        f"choose-signer.cognito-identity.{EXCHANGE}",
    ]
    assert {*events} <= {event for event, _ in ours}
