"""What `connection.py` takes of private members is where it was, in the versions that are deployed.

Where one has moved, a cold start fails, or the first call opens its connection in silence.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Final

import pytest

from openid_token import connection
from tests.package.conftest import run_alone

SHAPES: Final = """
import inspect, json, sys
from botocore.awsrequest import AWSHTTPSConnectionPool
from botocore.httpsession import URLLib3Session
from openid_token.client import create_client

found, names = {}, json.load(sys.stdin)
for owner in create_client("eu-central-1"), URLLib3Session(), AWSHTTPSConnectionPool("localhost"):
    for name in filter(lambda name: hasattr(owner, name), names):
        its = getattr(owner, name)
        found[name] = [type(owner).__name__, type(its).__name__]
        if inspect.isroutine(its):
            found[name][1:] = inspect.signature(its).parameters
print(json.dumps(found))
"""
# Whose it is, and its type or its parameters.
MEMBERS: Final = {
    "_endpoint": ["CognitoIdentity", "Endpoint"],
    "_get_conn": ["AWSHTTPSConnectionPool", "timeout"],
    "_get_connection_manager": ["URLLib3Session", "url", "proxy_url"],
    "_pool_classes_by_scheme": ["URLLib3Session", "dict"],
    "_proxy_config": ["URLLib3Session", "ProxyConfiguration"],
    "_put_conn": ["AWSHTTPSConnectionPool", "conn"],
    "_setup_ssl_cert": ["URLLib3Session", "conn", "url", "verify"],
    "_verify": ["URLLib3Session", "bool"],
}
TAKEN: Final = sorted(set(re.findall(r"\.(_[a-z]\w+)", inspect.getsource(connection))))


@pytest.fixture(scope="module")
def found(built_package: Path) -> dict[str, list[str]]:
    """What each is in the package."""
    shapes: dict[str, list[str]] = json.loads(
        run_alone(built_package, SHAPES, given=json.dumps(TAKEN))
    )
    return shapes


@pytest.mark.parametrize("member", TAKEN)
def test_a_private_member_is_where_it_was(found: dict[str, list[str]], member: str) -> None:
    assert found.get(member) == MEMBERS[member]
    # With the version that it was read in.
    assert re.search(rf"\b{member}\b", str(connection.__doc__))
