"""The feature map as SQL, held against the same rules in plain Python."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.definitions import parse_project
from keepwell.definitions.project import Project
from keepwell.engine.adoption.feature_map import feature_sql
from keepwell.errors import DefinitionsRefused

Event = tuple[str | None, str | None, str | None]


def mapped(project: Project, events: list[Event]) -> list[str | None]:
    columns = list(zip(*events, strict=True))
    names = ("number", "event", "url", "properties")
    arrays = [pa.array(range(len(events))), *(pa.array(column, pa.string()) for column in columns)]
    with duckdb.connect() as connection:
        connection.register("events", pa.table(dict(zip(names, arrays, strict=True))))
        rows = connection.sql(f"select {feature_sql(project)} from events order by number").fetchall()
    return [row[0] for row in rows]


def project(**features: object) -> Project:
    return parse_project({"features": features})


def test_rules_over_names_pages_and_properties() -> None:
    found = project(
        boards={"rules": [{"event": "board_*"}, {"url": "/boards/*"}]},
        exports={"rules": [{"event": "clicked", "properties": {"button": ["export", "download"]}}]},
        trials={"rules": [{"properties": {"is trial": True, "seats": 5}}]},
        docs={"rules": [{"url": "https://docs.example/*"}]},
    )
    events: list[Event] = [
        ("board_opened", None, None),
        ("board", None, None),
        ("boards_opened", None, None),  # an underscore is no wildcard
        (None, "https://app.example/boards/7?tab=1#x", None),
        (None, "/boards/", None),
        (None, "https://app.example/?next=/boards/7", None),
        ("clicked", None, '{"button": "export"}'),
        ("clicked", None, '{"button": "save"}'),
        ("clicked", None, "no json"),
        ("x", None, '{"is trial": true, "seats": 5}'),
        ("x", None, '{"is trial": false, "seats": 5}'),
        (None, "https://docs.example/start", None),
    ]
    assert mapped(found, events) == [
        "boards", None, None, "boards", "boards", None, "exports", None, None, "trials", None, "docs",
    ]  # fmt: skip


def test_the_first_feature_that_fits_gets_the_event() -> None:
    rules = {"rules": [{"event": "opened"}]}
    assert mapped(project(b=rules, a=rules), [("opened", None, None)]) == ["a"]
    assert mapped(project(b={**rules, "order": -1}, a=rules), [("opened", None, None)]) == ["b"]


def test_without_features_there_is_nothing_to_ask() -> None:
    assert feature_sql(parse_project({})) is None


def test_quotes_in_rules_stay_inside_their_quotes() -> None:
    found = project(odd={"rules": [{"event": "it's' or true --"}, {"properties": {"a": "b'); drop table x"}}]})
    assert mapped(found, [("it's' or true --", None, None), ("other", None, "{}")]) == ["odd", None]


def test_every_fault_of_a_map_is_listed() -> None:
    with pytest.raises(DefinitionsRefused) as refused:
        project(a={"rules": []}, b={"rules": [{"event": "*"}]}, c={"rules": [{"evnt": "x"}]}, d={"rules": [{}]})
    said = str(refused.value)
    assert "features.a: a feature needs at least one rule" in said
    assert "features.b.rules[0]: this rule fits every event" in said
    assert "did you mean 'event'?" in said
    assert "features.d.rules[0]: a rule names an event, a url or properties" in said


_TEXTS = st.text(alphabet="ab_%*\\'/.", min_size=1, max_size=6)
_RULES = st.fixed_dictionaries(
    {}, optional={"event": _TEXTS, "url": _TEXTS, "properties": st.dictionaries(st.just("p"), _TEXTS, min_size=1)}
)


def _is_rule(rule: dict[str, object]) -> bool:
    patterns = [str(rule[key]) for key in ("event", "url") if key in rule]
    return bool(rule) and ("properties" in rule or any(pattern.strip("*") for pattern in patterns))


@pytest.mark.slow
@given(
    st.lists(_RULES.filter(_is_rule), min_size=1, max_size=3, unique_by=str),
    st.lists(st.tuples(_TEXTS | st.none(), _TEXTS | st.none(), _TEXTS | st.none()), min_size=1, max_size=8),
)
def test_sql_and_python_agree(rules: list[dict[str, object]], events: list[Event]) -> None:
    with_json = [(event, url, None if held is None else json.dumps({"p": held})) for event, url, held in events]
    found = mapped(project(it={"rules": rules}), with_json)
    expected = ["it" if any(_fits(rule, event) for rule in rules) else None for event in events]
    assert found == expected


def _fits(rule: dict[str, object], event: Event) -> bool:
    name, url, held = event
    page = None if url is None else urlsplit(url).path if re.match(r"[a-z]+://", url) else re.split(r"[?#]", url)[0]
    checks = []
    if "event" in rule:
        checks.append(name is not None and _glob(str(rule["event"]), name))
    if "url" in rule:
        pattern = str(rule["url"])
        seen = (page if page and page.startswith("/") else None) if pattern.startswith("/") else url
        checks.append(seen is not None and _glob(pattern, seen))
    if "properties" in rule:
        checks.append(held is not None and held == rule["properties"]["p"])  # type: ignore[index]
    return all(checks)


def _glob(pattern: str, value: str) -> bool:
    return fnmatchcase(value, pattern.replace("[", "[[]").replace("?", "[?]"))
