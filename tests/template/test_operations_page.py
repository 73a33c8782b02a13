"""docs/operations.md says what the function emits and what the stack watches, and no more."""

import json
import re
from collections.abc import Callable

import msgspec
import pytest

from openid_token.audit import Record
from openid_token.door import Door
from openid_token.errors import TokenIssuerError
from openid_token.http_api import ROUTES
from tests.kit.builders import Json
from tests.kit.template import FILE, SOURCE, Stack
from tests.template.emitting import Run, run
from tests.template.operations import alarms

PAGE = (FILE.parent / "docs" / "operations.md").read_text(encoding="utf-8")
ALARMS = alarms(Stack())
HTTP = {route.door for route in ROUTES.values()}
PRESENT: dict[str, Callable[[Json, Run], bool]] = {
    "Always": lambda record, run: True,
    "HTTP": lambda record, run: record["door"] in HTTP,
    "Cognito issued": lambda record, run: record["function_request_id"] in run.issued,
    "Issued at `user_credentials`": lambda record, run: (
        (record["outcome"], record["door"]) == ("issued", "user_credentials")
    ),
    "Refused": lambda record, run: record["outcome"] == "refused",
    "Level `ERROR`": lambda record, run: record["level"] == "ERROR",
}
TYPES = {str: "text", bool: "boolean", list: "list", int: "number", float: "number"}
# The words by which a field's description says its type; without them it is text.
SAID = {"boolean": "`true`", "list": "list of", "number": "seconds|how many", "text": ""}


def between(heading: str, end: str) -> str:
    return PAGE.partition(f"\n{heading}\n")[2].partition(f"\n{end}\n")[0]


def items(text: str) -> dict[str, str]:
    """What a list says of each name before a colon."""
    found = re.findall(r"^- (`\w[^:]*): (.*)$", text, re.MULTILINE)
    return {name: words for names, words in found for name in re.findall(r"`([^`]+)`", names)}


GROUPS = re.findall(
    r"^\*\*([^*]+):\*\*(.*?)(?=^\*\*)",
    between("## The audit record", "### Log levels"),
    re.MULTILINE | re.DOTALL,
)
# When a field is present, and what it is.
FIELDS = {
    field: (present, words) for present, text in GROUPS for field, words in items(text).items()
}


def test_every_field_is_there_and_no_other() -> None:
    assert set(FIELDS) == {field for record in run().records for field in record}
    assert {field.name for field in msgspec.structs.fields(Record)} < set(FIELDS)
    assert [present for present, _ in GROUPS] == [*PRESENT, "Where known"]


@pytest.mark.parametrize("field", FIELDS)
def test_it_is_of_the_type_and_present_when_the_page_says_so(field: str) -> None:
    when, words = FIELDS[field]
    said = next(each for each, pattern in SAID.items() if re.search(pattern, words))
    assert {TYPES[type(record[field])] for record in run().records if field in record} == {said}
    if present := PRESENT.get(when):
        assert all((field in record) is present(record, run()) for record in run().records)


def test_an_error_is_what_the_caller_can_do_nothing_about() -> None:
    levels = items(between("### Log levels", "### Queries"))
    assert set(levels) == {record["level"] for record in run().records}
    faults = {record["reason"] for record in run().records if record["level"] == "ERROR"}
    named = set(re.findall(r"`(\w+)`", levels["ERROR"]))
    assert faults == named < {error.__name__ for error in TokenIssuerError.__subclasses__()}
    fine = {r["outcome"] for r in run().records if r["level"] == "INFO"}
    assert fine == {"issued", "identified"}


def test_the_metrics_have_these_dimensions() -> None:
    row = re.compile(r"^\| `(\w+)` \|([^|]+)", re.MULTILINE)
    page = {
        name: {frozenset(re.findall(r"`(\w+)`", each)) for each in dimensions.split(";")}
        for name, dimensions in row.findall(between("## Metrics", "## Alarms"))
    }
    real: dict[str, set[frozenset[str]]] = {}
    for metric in run().metrics:
        real.setdefault(metric.name, set()).add(frozenset(name for name, _ in metric.dimensions))
    assert page == real


def test_each_alarm_has_its_paragraph_and_names_it() -> None:
    text = between("## Alarms", "## The dashboard")
    assert re.findall(r"^### (\w+)$", text, re.MULTILINE) == list(ALARMS)
    for name, alarm in ALARMS.items():
        # As the release has it, too.
        assert alarm["AlarmDescription"].endswith(f" (docs/operations.md, {name}).")


def test_the_queries_are_the_stacks() -> None:
    queries = Stack().of_type("AWS::Logs::QueryDefinition").values()
    names = {query["Name"] for query in queries}
    listed = items(between("### Queries", "### Who asks so often"))
    assert names == {f"issuer/{name}" for name in listed}


def test_it_says_of_each_door_who_asks_and_how_to_stop_it() -> None:
    assert set(items(between("### Who asks so often", "## Metrics"))) == set(Door)


def test_the_access_logs_fields_exist() -> None:
    (fields,) = re.findall(r"access log: `.* stats count\(\*\) by ([\w, ]+)`", PAGE)
    log = json.loads(Stack().only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["Format"])
    assert {*fields.split(", "), "requestId"} <= set(log)


def test_the_outputs_and_resources_exist() -> None:
    known = {*SOURCE["Outputs"], *SOURCE["Resources"]}
    named = re.findall(r"(?:\$\((?:output|resource) |output\s+`)(\w+)", PAGE)
    assert {"FunctionLogGroup", "ApiLogGroup"} < set(named)
    assert set(named) <= known
