"""Numbers and bars: counted by hand, whoever asks, in the project's zone, beside the period before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, cast

import ibis
import pyarrow as pa
import pytest

from keepwell.definitions.expressions import parse
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.spans import Span
from keepwell.engine.reporting.tables import Tables
from keepwell.errors import RequestRefused
from tests.engine.reporting.company import AS_OF, answered, listed, project_with, sight

pytestmark = pytest.mark.slow

TICKETS = {"chart": "number", "dataset": "tickets", "measure": "count()", "period": "31 days"}


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        ("sum(arr)", 460.0),  # the one that has left is no account any more
        ("count()", 4),
        ("avg(score)", 57.5),
        ("count_distinct(segment)", 2),
        ({"aggregate": "count()", "where": "label = 'red'"}, 1),
        ({"aggregate": "count()", "where": "in_segment('big')"}, 2),
        ({"aggregate": "sum(account.arr)", "where": "in_segment('big_and_silent')"}, 0.0),
        ({"aggregate": "max(arr)", "where": "arr > 1000"}, None),
    ],
)
def test_accounts_are_counted_with_attributes_metrics_scores_and_segments(
    tmp_path: Path, measure: Any, value: Any
) -> None:
    result = answered(tmp_path, {"chart": "number", "dataset": "accounts", "measure": measure})
    assert listed(result, "value") == [(value,)]


@pytest.mark.parametrize(
    ("changes", "value", "before"),
    [
        ({}, 3, 1),  # 1 was opened on 1 November in Berlin; 2, 3 and 6 in October, 5 in the 31 days before
        ({"period": "last_month"}, 1, 1),
        ({"where": "priority = 'urgent'"}, 1, 1),
        ({"where": "closed is null"}, 2, 0),  # 3 was not closed yet
        ({"where": "account.segment = 'large'"}, 2, 0),
        ({"where": "in_segment('big')"}, 2, 0),
        ({"measure": "avg(hours)"}, 4.0, 4.0),
        ({"measure": "latest(priority)"}, "low", "urgent"),
    ],
)
def test_rows_are_of_the_period_and_of_the_one_before(
    tmp_path: Path, changes: dict[str, Any], value: Any, before: Any
) -> None:
    asked = {**TICKETS, "compare": "previous_period", **changes}
    result = answered(tmp_path, asked)
    assert listed(result, "value", "value_before") == [(value, before)]
    assert result.compared is not None


def test_accounts_are_compared_with_how_they_were_where_that_was_kept(tmp_path: Path) -> None:
    widget = {"chart": "number", "dataset": "accounts", "measure": "sum(arr)", "compare": "previous_period"}
    kept = answered(tmp_path, {**widget, "period": "25 days"})  # on 6 October one was there that has left since
    assert listed(kept, "value", "value_before") == [(460.0, 490.0)]
    unknown = answered(tmp_path, {**widget, "period": "90 days"})
    assert listed(unknown) == [(460.0,)]
    assert "nothing was kept of the accounts of 2026-08-02" in unknown.notes[0]


def test_a_reader_sees_their_accounts_alone(tmp_path: Path) -> None:
    assert listed(answered(tmp_path, TICKETS, sight=sight("a", "e")), "value") == [(1,)]
    assert listed(answered(tmp_path, TICKETS, sight=sight()), "value") == [(0,)]
    of_all = {"chart": "number", "dataset": "accounts", "measure": "sum(arr)"}
    assert listed(answered(tmp_path, of_all, sight=sight("a", "b", "nobody")), "value") == [(400.0,)]


def test_filters_of_the_page_reach_rows_by_their_account(tmp_path: Path) -> None:
    asked = {"conditions": (parse("segment = 'large'"), parse("label = 'green'"))}
    assert listed(answered(tmp_path, TICKETS, **asked), "value") == [(2,)]
    nobody = answered(tmp_path, TICKETS, conditions=(parse("segment = 'huge'"),))
    assert listed(nobody, "value") == [(0,)]


def test_rows_of_an_account_that_left_are_told_apart_by_what_it_was(tmp_path: Path) -> None:
    widget = {"chart": "bar", "dataset": "tickets", "by": "account.segment", "measures": {"n": "count()"}}
    found = answered(tmp_path, {**widget, "period": "all"})
    assert listed(found) == [("large", 3), ("small", 2), (None, 1)]  # whose account nobody knows
    mine = answered(tmp_path, {**widget, "period": "all"}, sight=sight("a", "b", "e", "z"))
    assert listed(mine) == [("large", 3), ("small", 1)]


def test_bars_come_in_order_with_totals_of_all(tmp_path: Path) -> None:
    widget = {
        "chart": "bar", "dataset": "accounts", "by": "segment", "limit": 1, "order": "arr desc",
        "measures": {"n": "count()", "arr": "sum(arr)", "mean": "avg(arr)", "each": {"formula": "arr / n"}},
    }  # fmt: skip
    result = answered(tmp_path, widget)
    assert listed(result) == [("large", 2, 400.0, 200.0, 200.0)]
    assert (result.truncated, result.found) == (True, 3)
    assert result.totals == {"n": 4, "arr": 460.0, "mean": 115.0, "each": 115.0}


def test_bars_over_time_are_by_the_day_in_the_zone_of_the_project(tmp_path: Path) -> None:
    widget = {"chart": "bar", "dataset": "tickets", "by": "month", "measures": {"n": "count()"}, "period": "all"}
    found = listed(answered(tmp_path, widget), "by", "n")
    assert found == [
        (date(2026, 7, 1), 1), (date(2026, 8, 1), 1), (date(2026, 9, 1), 1), (date(2026, 10, 1), 3),
    ]  # fmt: skip


def test_bars_over_time_stand_beside_the_same_place_of_the_period_before(tmp_path: Path) -> None:
    widget = {
        "chart": "bar", "dataset": "tickets", "by": "month", "measures": {"n": "count()"}, "period": "last_month",
        "compare": "previous_period",
    }  # fmt: skip
    assert listed(answered(tmp_path, widget)) == [(date(2026, 9, 1), 1, 1)]  # September beside August


def test_what_was_not_kept_of_a_date_is_refused_and_not_0(tmp_path: Path) -> None:
    project = project_with(one={"chart": "number", "dataset": "accounts", "measure": "count()"})
    same = {"account_id": ["a"], "kw_present": [True]}
    now, then = ibis.memtable(pa.table({**same, "open_calls": [1.0]})), ibis.memtable(pa.table(same))
    relations = Relations(project, cast(Tables, None), Asked(AS_OF), _kept={AS_OF: now, date(2026, 9, 30): then})
    with pytest.raises(RequestRefused, match="what 'open_calls' was on 2026-09-30 is not kept"):
        relations.rows("accounts", Span(None, date(2026, 9, 30)), [parse("open_calls > 0")])


def test_a_widget_that_cannot_be_answered_says_why(tmp_path: Path) -> None:
    gone = answered(tmp_path, {**TICKETS, "measure": "sum(ours)"})
    assert gone.problem is not None
    assert "unknown name `ours`" in gone.problem
    assert "did you mean `hours`" in gone.problem
    calls = answered(tmp_path, {**TICKETS, "dataset": "calls_to_action"})
    assert "is kept by the application" in str(calls.problem)
