"""Starts the runtime client with botocore's sending stubbed, so that what is left is the call's own
work. Runs where only the standard library, the runtime client and one package can be imported."""

import os
import runpy
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.httpsession import URLLib3Session


class _Body:
    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """urllib3's way to the content."""
        yield os.environ["ANSWER"].encode()


def _send(_: URLLib3Session, request: Any) -> AWSResponse:
    headers: Any = {"Content-Type": "application/x-amz-json-1.1"}
    return AWSResponse(request.url, 200, headers, _Body())


URLLib3Session.send = _send  # type: ignore[assignment,method-assign]
runpy.run_module("awslambdaric", run_name="__main__", alter_sys=True)
