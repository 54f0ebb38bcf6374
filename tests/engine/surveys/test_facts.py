"""Answers as facts, the value of an account, and results of other tools."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.definitions import parse_project
from keepwell.definitions.branching import value_of
from keepwell.definitions.expressions import parse
from keepwell.engine.evaluate import Evaluator
from keepwell.engine.surveys.facts import RESPONSES, Given, Response, account_values, rows, value_rule
from keepwell.engine.surveys.importing import answer_columns, read_rows, unknown_columns
from tests.engine.surveys.asking import made, survey

DAY = datetime(2026, 10, 31, 12, tzinfo=UTC)
ANSWERS = {
    "recommend": 9.0, "features": ("api",), "order": ("looks", "speed"), "parts": {"help": "bad"}, "details": "four"
}  # fmt: skip


def test_a_response_is_a_row_for_each_part_of_each_answer() -> None:
    table = rows("relationship", "v1", survey(), [Response("r1", ANSWERS, DAY, DAY, "a", "p")])
    assert table.schema == RESPONSES
    said = [(row["question"], row["part"], row["number"], row["choice"]) for row in table.to_pylist()]
    assert said == [
        ("recommend", None, 9, None), ("details", None, 4, None), ("features", "api", 1, "api"),
        ("features", "reports", 0, None), ("features", "boards", 0, None), ("order", "looks", 1, None),
        ("order", "speed", 2, None), ("parts", "help", None, "bad"),
    ]  # fmt: skip
    assert len(set(table["answer_id"].to_pylist())) == table.num_rows
    assert "four" not in str(table.to_pylist())
    assert table["subject"][0].as_py() == "relationship/recommend/p"


def test_nobody_replaces_what_somebody_unknown_said() -> None:
    two = [Response(one, {"recommend": 9.0}, DAY, DAY) for one in ("r2", "r1")]
    assert rows("relationship", "v", survey(), two)["subject"].to_pylist() == [
        "relationship/recommend/r1", "relationship/recommend/r2",
    ]  # fmt: skip


def answer(response: str, account: str, person: str | None, number: float, days_ago: int = 0) -> Given:
    return Given(response, account, person, number, DAY - timedelta(days=days_ago))


def test_the_value_of_an_account_is_that_of_the_newest_answer_of_each_person() -> None:
    given_all = [
        answer("1", "a", "p", 0, 30), answer("2", "a", "p", 10, 1), answer("3", "a", "q", 3, 5),
        answer("4", "a", None, 9, 6), answer("5", "a", None, 9, 7), answer("6", "b", "r", 10, 365),
        answer("7", "c", "s", 7, 364), answer("8", "c", "t", 10, -1),
    ]  # fmt: skip
    found = account_values(survey(), given_all, date(2026, 10, 31))
    assert [(one.account, one.value, one.count) for one in found] == [("a", 50, 4), ("c", 0, 1)]
    assert found[0].observed_on == date(2026, 10, 30)
    assert account_values(survey(), reversed(given_all), date(2026, 10, 31)) == found


@pytest.mark.parametrize(("aggregate", "value", "count"), [("mean", 3, 2), ("top_share", 50, 2), ("latest", 1, 1)])
def test_other_aggregations(aggregate: str, value: float, count: int) -> None:
    one = made({"name": "a", "kind": "csat"}, account_value={"question": "a", "aggregate": aggregate})
    found = account_values(one, [answer("1", "a", "p", 5, 2), answer("2", "a", "q", 1, 1)], date(2026, 10, 31))
    assert [(each.value, each.count) for each in found] == [(value, count)]


def test_what_holds_unless_said() -> None:
    assert str(value_rule(made({"name": "t", "kind": "text"}, {"name": "a", "kind": "ces"}))) == str(
        made({"name": "a", "kind": "ces"}, account_value={"question": "a", "aggregate": "top_share"}).account_value
    )
    assert value_rule(made({"name": "t", "kind": "text"})) is None
    assert account_values(made({"name": "t", "kind": "text"}), [], date(2026, 1, 1)) == ()


FILE = """response_id,email,account_id,answered_at,recommend,why,features,parts.search,details,language
r1,a@x.example,,2026-10-01,9,,api;reports,good,,de
r2,,a2,2026-10-02T08:00+02:00,3,price,,,too slow,
r2,,a2,2026-10-02T08:00+02:00,3,price,,,too slow,
r3,,a2,,11,prize,api;reports;boards,,,
r4,,,2026-10-03,5,,,,,
r5,,a3,2027-01-01,5,,,,,
r6,,a3,yesterday,5,,,,,
r7,,a3,2026-10-03,,,,,,
r2,,a2,2026-10-02T08:00+02:00,4,price,,,too slow,
"""


def test_results_of_other_tools_are_read_row_by_row() -> None:
    good, bad = read_rows(survey(), csv.DictReader(io.StringIO(FILE)), DAY)
    assert [(one.response.id, one.response.account, one.email) for one in good] == [
        ("r1", None, "a@x.example"), ("r2", "a2", None),
    ]  # fmt: skip
    assert good[0].response.answers == {"recommend": 9.0, "features": ("api", "reports"), "parts": {"search": "good"}}
    assert good[0].response.language == "de"
    assert good[1].response.answered_at == datetime(2026, 10, 2, 6, tzinfo=UTC)
    said = {one.row: " ".join(one.reasons) for one in bad}
    assert [*said] == [4, 5, 6, 7, 8, 9]
    assert "recommend: Please choose a number from 0 to 10. Found: 11" in said[4]
    assert "why: Please choose from the answers shown" in said[4]
    assert "features: Please choose at most 2" in said[4]
    assert "answered_at is empty" in said[4]
    assert "nobody is named" in said[5]
    assert "lies in the future" in said[6]
    assert "is no day or time" in said[7]
    assert "no question is answered" in said[8]
    assert "stands twice with different answers" in said[9]


def test_a_row_without_an_id_twice_is_one_response() -> None:
    row = {"account_id": "a", "answered_at": "2026-10-01", "recommend": "9"}
    good, bad = read_rows(survey(), [row, dict(reversed(row.items())), {**row, "recommend": "8"}], DAY)
    assert len(good) == 2
    assert not bad


def test_columns_of_an_import_are_known_and_others_named() -> None:
    assert answer_columns(survey())["parts.search"] == "one of its columns"
    assert unknown_columns(survey(), ["recomend", "email", "xyzzy"]) == {"recomend": "recommend", "xyzzy": None}


BRANCHES = (
    "a > 3 or b = 'x'", "not (a > 3 and b <> 'x')", "a in (1, 2, null)", "a not in (1, 2)", "a between 2 and a - 1",
    "a / (a - 2) >= 1", "a % 3 = 1", "-a % 3 = -1", "a is null and b is not null", "coalesce(a, 5) > 4",
    "greatest(a, 4) = least(a, 4)", "contains(b, 'x')", "starts_with(b, 'y') or length(b) = 2", "b in ('x', 'yx')",
)  # fmt: skip


NUMBERS, TEXTS = st.none() | st.integers(0, 10), st.none() | st.sampled_from(["x", "y", "yx"])


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(0, 10), st.none() | st.sampled_from(["x", "y", "yx"])),
        min_size=1,
        max_size=20,
    )
)
def test_branching_has_the_values_that_the_compiler_gives(values: list[tuple[Any, Any]]) -> None:
    table = {
        "a": pa.array([None if a is None else float(a) for a, _ in values], pa.float64()),
        "b": pa.array([b for _, b in values], pa.string()),
    }
    evaluator = Evaluator(parse_project({}), table.get, len(values), date(2026, 1, 1))
    found = evaluator.evaluate({text: parse(text) for text in BRANCHES})
    for text in BRANCHES:
        mine = [value_of(parse(text), {"a": a, "b": b}) for a, b in values]
        assert found.columns[text].to_pylist() == mine, text
