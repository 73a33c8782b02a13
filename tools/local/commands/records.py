"""What the function has written, for whoever tries it."""

import json
from collections.abc import Iterator


def written(log: str) -> Iterator[str]:
    """A part of the function's log: of a record what it says of the decision, and no metrics."""
    for line in log.splitlines():
        if '"outcome":' in line:
            names = [*(record := json.loads(line))]
            # Before it is what the logger puts into each line.
            said = names[names.index("outcome") :]
            kept = {n: record[n] for n in said if not n.startswith(("exception", "xray"))}
            yield f"record: {json.dumps(kept)}"
        elif '"_aws":' not in line:
            yield line
