"""Starts AWS's runtime client in the function's process, as Lambda's own bootstrap does.

Runs inside the emulated runtime, where only the standard library, awslambdaric and the
function's package can be imported.

The emulator drops the X-Ray header and always gives the same function ARN. Lambda gives the
runtime both, so the caller sends them in the client context, and this puts them where the
runtime client expects them.

The emulator's port answers whoever finds it, a web page in a browser of this machine among them. So
the client context also has the key that the emulator was started with, and the rest is turned away.
"""

import json
import os
import sys
from typing import Any

from awslambdaric import bootstrap  # type: ignore[import-untyped]
from awslambdaric.lambda_runtime_client import (  # type: ignore[import-untyped]
    LambdaRuntimeClient,
)

# Not set where this runs without the emulator.
_KEY = os.environ.pop("EMULATOR_KEY", None)
_NOT_OURS = json.dumps(
    {"errorType": "NotOurs", "errorMessage": "only who started this emulator may invoke"}
)


class RuntimeClient(LambdaRuntimeClient):  # type: ignore[misc]
    """AWS's runtime client, fed with what the emulator can't pass on."""

    def wait_next_invocation(self) -> Any:
        """The next invocation, with its trace header and function ARN as Lambda gives them."""
        while True:
            invocation = super().wait_next_invocation()
            platform = json.loads(invocation.client_context or "{}")
            if platform.get("key") == _KEY:
                break
            self.post_invocation_error(invocation.invoke_id, _NOT_OURS, "")
        if platform:
            invocation.x_amzn_trace_id = platform["trace_id"]
            invocation.invoked_function_arn = platform["function_arn"]
            invocation.client_context = None
        return invocation


if __name__ == "__main__":
    client = RuntimeClient(os.environ["AWS_LAMBDA_RUNTIME_API"], use_thread_for_polling_next=True)
    bootstrap.run(sys.argv[1], client)
