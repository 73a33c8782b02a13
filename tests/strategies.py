"""Arbitrary events: from scratch, and valid ones with something else in some places."""

import copy
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.builders import IDENTITY, LOGIN, OTHER_POOL, POOL, PROVIDER, Json

# JSON text may hold half a character, so an event can.
TEXT: Final = st.text(st.characters(), max_size=20) | st.sampled_from(
    ("", "\ud800", "\x00", "<nil>", "/token", "POST", POOL, OTHER_POOL, PROVIDER, LOGIN)
)
JSON: Final[SearchStrategy[Any]] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.sampled_from([0, 1, 900, 86_400, 86_401])
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
_NAMES: Final = TEXT | st.sampled_from(
    (
        *("identity_pool_id", "identity_id", "logins", "principal_tags", "token_duration"),
        *("execution_id", "identity_only", "requestContext", "version", "httpMethod", "body"),
        *("authorizer", "jwt", "claims", "iam", "lambda", "identity", "userArn"),
        *("headers", "http", "stage", "routeKey", "resource", "queryStringParameters"),
    )
)
_PAIRS: Final = st.dictionaries(TEXT, TEXT, max_size=3)

GIVEN: Final[SearchStrategy[Any]] = st.fixed_dictionaries(
    {},
    optional={
        "identity_pool_id": st.sampled_from([POOL, OTHER_POOL, POOL + "\n"]) | JSON,
        "identity_id": st.sampled_from([IDENTITY, "", None]) | JSON,
        "logins": _PAIRS | JSON,
        "principal_tags": _PAIRS | JSON,
        "token_duration": st.integers(-1, 86_402) | JSON,
    },
)
ANYTHING: Final = JSON | st.dictionaries(_NAMES, JSON, max_size=6)


@st.composite
def mutated(draw: DrawFn, event: Json) -> Json:
    """`event` with up to three values, at any depth, replaced, removed or added."""
    changed = copy.deepcopy(event)
    for _ in range(draw(st.integers(1, 3))):
        _mutate(draw, changed)
    return changed


def _mutate(draw: DrawFn, node: Json) -> None:
    name = draw(st.sampled_from(sorted(node))) if node else draw(_NAMES)
    below = node.get(name)
    if isinstance(below, dict) and draw(st.integers(0, 3)):
        _mutate(draw, below)
        return
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "replace":
            node[name] = draw(JSON)
        case "remove":
            node.pop(name, None)
        case _:
            node[draw(_NAMES)] = draw(JSON)
