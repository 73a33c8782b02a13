"""The users that locust simulates. Each asks by the mix and checks every answer."""

import json
import os
import random
import uuid
from collections import Counter
from pathlib import Path
from typing import Any

from locust import FastHttpUser, events, task

from tools.load.mix import MIX

_NAMES = list(MIX)
_WEIGHTS = [weight for weight, _ in MIX.values()]
_PERCENTILES = (0.5, 0.95, 0.99, 1.0)

counted: Counter[str] = Counter()
problems: Counter[str] = Counter()


class Caller(FastHttpUser):
    """A backend and a signed-in user in one."""

    def on_start(self) -> None:
        """Sign in, at the embedded issuer."""
        self.user = f"user-{uuid.uuid4()}"
        claims = f"sub={self.user}&custom:department=team-{self.user}"
        response = self.client.get(f"/issuer/token?{claims}", name="(signing in)")
        self.jwt = (response.text or "").strip()

    @task
    def ask(self) -> None:
        """Send one request, and check its answer."""
        [name] = random.choices(_NAMES, _WEIGHTS)  # noqa: S311
        asked = MIX[name][1](self.user)
        headers = {"Content-Type": "application/json"} if asked.body else {}
        if asked.as_user:
            headers["Authorization"] = f"Bearer {self.jwt}"
        counted["sent"] += 1
        counted["invoking"] += asked.invokes
        sent = self.client.request(
            asked.method,
            asked.path,
            data=asked.body,
            headers=headers,
            name=name,
            catch_response=True,
        )
        with sent as response:
            wrong = asked.problem(response.status_code, _json(response.text))
            counted["answered"] += response.status_code > 0
            counted["issued"] += response.status_code == 200
            if wrong:
                problems[f"{name}: {wrong} (status {response.status_code})"] += 1
                response.failure(wrong)
            else:
                response.success()


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return None


def _figures(stats: Any) -> dict[str, Any]:
    percentiles = [stats.get_response_time_percentile(part) for part in _PERCENTILES]
    return {"requests": stats.num_requests, "milliseconds": percentiles}


@events.quitting.add_listener  # type: ignore[untyped-decorator]
def write_results(environment: Any, **_: Any) -> None:
    """What `python -m tools.load` reports; the file is named by LOAD_RESULTS."""
    by_name = {name: stats for (name, _), stats in environment.stats.entries.items()}
    asked = [stats for name, stats in by_name.items() if name in MIX]
    total = environment.stats.total
    results = {
        "counted": counted,
        "problems": problems,
        "by_name": {stats.name: _figures(stats) for stats in asked},
        "total": _figures(total),
        "seconds": total.last_request_timestamp - total.start_time,
    }
    Path(os.environ["LOAD_RESULTS"]).write_text(json.dumps(results))
