"""docs/operations.md says what the function emits and what the stack watches, and no more."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from openid_token.audit import Door, Record
from openid_token.errors import TokenIssuerError
from tests.template.cloudformation import FILE, SOURCE, Stack
from tests.template.operations import alarms

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.template.real_run import Run

PAGE = (FILE.parent / "docs" / "operations.md").read_text(encoding="utf-8")
ALARMS = alarms(Stack())
HTTP = {"api", "user_api", "user_credentials"}
PRESENT: dict[str, Callable[[Any], bool]] = {
    "always": lambda record: True,
    "HTTP": lambda record: record["door"] in HTTP,
    "refused": lambda record: record["outcome"] == "refused",
    "Cognito issued": lambda record: (
        record["outcome"] != "refused"
        or (record["door"] == "user_credentials" and "cognito_ms" in record)
    ),
    "level `ERROR`": lambda record: record["level"] == "ERROR",
    "issued at `user_credentials`": lambda record: (
        (record["outcome"], record["door"]) == ("issued", "user_credentials")
    ),
}
TYPES = {str: "string", bool: "boolean", list: "list", int: "number", float: "number"}


def table(heading: str, end: str) -> dict[str, list[str]]:
    """The rows of the one table between two headings, by their first cell."""
    text = PAGE.partition(f"\n{heading}\n")[2].partition(f"\n{end}\n")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines()]
    return {row[0].strip("`"): row[1:] for row in rows if row and row[0].startswith("`")}


FIELDS = table("## The audit record", "### Log levels")


def test_every_field_is_there_and_no_other(run: Run) -> None:
    assert set(FIELDS) == {field for record in run.records for field in record}
    assert {field.name for field in msgspec.structs.fields(Record)} < set(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
def test_its_type_is_the_real_one_and_the_examples(field: str, run: Run) -> None:
    kind, _, _, example = FIELDS[field]
    real = {TYPES[type(record[field])] for record in run.records if field in record}
    assert real == {kind} == {TYPES[type(json.loads(example.strip("`")))]}


@pytest.mark.parametrize("field", FIELDS)
def test_it_is_present_when_the_page_says_so(field: str, run: Run) -> None:
    if present := PRESENT.get(FIELDS[field][1]):
        assert all((field in record) is present(record) for record in run.records)


def test_an_error_is_what_the_caller_can_do_nothing_about(run: Run) -> None:
    levels = table("### Log levels", "### Queries")
    assert set(levels) == {record["level"] for record in run.records}
    faults = {record["reason"] for record in run.records if record["level"] == "ERROR"}
    named = set(re.findall(r"`(\w+)`", levels["ERROR"][0]))
    assert faults == named < {error.__name__ for error in TokenIssuerError.__subclasses__()}
    fine = {r["outcome"] for r in run.records if r["level"] == "INFO"}
    assert fine == {"issued", "identified"}


def test_the_metrics_have_these_dimensions(run: Run) -> None:
    page = {
        name: {frozenset(re.findall(r"`(\w+)`", each)) for each in cells[1].split(";")}
        for name, cells in table("## Metrics", "## Alarms").items()
    }
    real: dict[str, set[frozenset[str]]] = {}
    for metric in run.metrics:
        real.setdefault(metric.name, set()).add(frozenset(name for name, _ in metric.dimensions))
    assert page == real


def test_that_is_as_many_metrics_as_the_page_says(run: Run) -> None:
    (said,) = re.findall(r"That is at most (\d+) metrics", PAGE)
    doors, reasons = len(Door), len(TokenIssuerError.__subclasses__())
    without_api = doors - len(HTTP)
    assert int(said) == (1 + doors) + (1 + without_api) + 2 * (1 + doors + reasons) + 1
    assert len(run.metrics) <= int(said)


def test_each_alarm_has_its_paragraph() -> None:
    text = PAGE.partition("\n## Alarms\n")[2].partition("\n## The dashboard\n")[0]
    paragraphs = dict(re.findall(r"### (\w+)\n\n(.*?)\n(?=\n|\Z)", text, re.DOTALL))
    assert list(paragraphs) == list(ALARMS)
    for name, paragraph in paragraphs.items():
        assert re.match(r"\*\*Means:\*\* .*\n\*\*First:\*\* ", paragraph, re.DOTALL), name


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_says_what_to_do_and_where_more_is(name: str) -> None:
    description = ALARMS[name]["AlarmDescription"]
    assert re.search(rf"(First|Then) .*\(operations\.md, {name}\)\.$", description)
    assert len(description) <= 1024


def test_the_queries_are_the_stacks() -> None:
    queries = Stack().of_type("AWS::Logs::QueryDefinition").values()
    names = {query["Name"] for query in queries}
    assert names == {f"issuer/{name}" for name in table("### Queries", "## Metrics")}


def test_the_access_logs_fields_exist() -> None:
    (fields,) = re.findall(r"access log: `stats count\(\*\) by ([\w, ]+)`", PAGE)
    log = json.loads(Stack().only("AWS::ApiGatewayV2::Stage")["AccessLogSettings"]["Format"])
    assert {*fields.split(", "), "requestId"} <= set(log)


def test_the_parameters_outputs_and_resources_exist() -> None:
    known = {*SOURCE["Parameters"], *SOURCE["Outputs"], *SOURCE["Resources"]}
    named = re.findall(r"\$\((?:output|resource) (\w+)\)", PAGE)
    assert len(named) > 10
    assert set(named) <= known
    parameters = {"AlarmEmail", "MemorySize", "RequestsPerSecond", "UserRequestsPerSecond"}
    assert {name for name in parameters if f"`{name}`" in PAGE} == parameters <= known
