"""The private members that `connection.py` and `patterns.py` take are where they were, in the
versions that are deployed.

Where one has moved, a cold start fails, or it is slower and nobody sees why.
"""

import inspect
import json
import re
from pathlib import Path
from typing import Final

from openid_token import connection, patterns
from tests.package.conftest import run_alone

SHAPES: Final = """
import inspect, json, re, sys
from botocore.awsrequest import AWSHTTPSConnectionPool
from botocore.httpsession import URLLib3Session
from openid_token.client import create_client

found, names = {}, json.load(sys.stdin)
client, pool = create_client("eu-central-1"), AWSHTTPSConnectionPool("localhost")
for owner in client, URLLib3Session(), pool, re, re._compiler, re._compiler._sre:
    for name in filter(lambda name: hasattr(owner, name), names):
        its = getattr(owner, name)
        found[name] = [type(owner).__name__, type(its).__name__]
        if inspect.isroutine(its):
            found[name][1:] = inspect.signature(its).parameters
print(json.dumps(found))
"""
KEYS: Final = """
import importlib
from aws_lambda_powertools.logging import formatter
from openid_token import telemetry
print(formatter.RESERVED_LOG_ATTRS["msg"])
del formatter.RESERVED_LOG_ATTRS
importlib.reload(telemetry)
"""
# Whose it is, and its type or its parameters.
MEMBERS: Final = {
    "MAGIC": ["module", "int"],
    "_cache2": ["module", "dict"],
    "_compiler": ["module", "module"],
    "_endpoint": ["CognitoIdentity", "Endpoint"],
    "_get_conn": ["AWSHTTPSConnectionPool", "timeout"],
    "_get_connection_manager": ["URLLib3Session", "url", "proxy_url"],
    "_pool_classes_by_scheme": ["URLLib3Session", "dict"],
    "_proxy_config": ["URLLib3Session", "ProxyConfiguration"],
    "_put_conn": ["AWSHTTPSConnectionPool", "conn"],
    "_setup_ssl_cert": ["URLLib3Session", "conn", "url", "verify"],
    "_sre": ["module", "module"],
    "_verify": ["URLLib3Session", "bool"],
    "compile": ["module", "pattern", "flags", "code", "groups", "groupindex", "indexgroup"],
}
SOURCES: Final = "".join(map(inspect.getsource, (connection, patterns)))
TAKEN: Final = sorted(set(re.findall(r"(?:\.(?=_[a-z])|\bengine\.)(\w+)", SOURCES)))


def test_each_private_member_is_where_it_was(built_package: Path) -> None:
    found = json.loads(run_alone(built_package, SHAPES, given=json.dumps(TAKEN)))
    assert found == MEMBERS
    # With the version that it was read in.
    read = f"{connection.__doc__}{patterns.__doc__}"
    assert [member for member in TAKEN if not re.search(rf"\b{member}\b", read)] == []


def test_powertools_looks_keys_up_in_a_dictionary_if_it_still_does(built_package: Path) -> None:
    assert run_alone(built_package, KEYS) == "None\n"
