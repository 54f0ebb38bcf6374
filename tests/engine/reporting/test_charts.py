"""Every other chart, counted by hand over the same small company."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keepwell.definitions.expressions import parse
from keepwell.engine.reporting.charts.distribution import round_width
from tests.engine.reporting.company import answered, listed, sight

pytestmark = pytest.mark.slow

TICKETS: dict[str, Any] = {"dataset": "tickets", "measures": {"n": "count()"}}


def test_a_line_has_every_time_of_its_period_and_the_one_before(tmp_path: Path) -> None:
    widget = {**TICKETS, "chart": "line", "by": "month", "period": "this_quarter", "compare": "previous_period"}
    result = answered(tmp_path, widget)
    assert listed(result) == [(date(2026, 10, 1), 3, 1)]  # one month so far, beside July up to its 31st
    assert (str(result.span), str(result.compared)) == ("2026-10-01 to 2026-10-31", "2026-07-01 to 2026-07-31")
    weeks = answered(
        tmp_path, {**widget, "by": "week", "period": "21 days", "measures": {"n": "count()", "h": "avg(hours)"}}
    )
    assert listed(weeks) == [  # from the end: the week of the 26th beside that of the 5th
        (date(2026, 10, 5), 0, 0, None, None), (date(2026, 10, 12), 0, 0, None, None),
        (date(2026, 10, 19), 1, 0, None, None), (date(2026, 10, 26), 1, 1, 3.0, 5.0),
    ]  # fmt: skip
    assert weeks.notes == ("the first week is counted from 2026-10-11", "the last week is counted up to 2026-10-31")


def test_a_line_for_each_value_keeps_the_largest(tmp_path: Path) -> None:
    widget = {**TICKETS, "chart": "line", "by": "quarter", "split": "priority", "period": "all"}
    every = [(date(2026, 7, 1), "low", 2), (date(2026, 10, 1), "low", 2)]
    urgent = [(date(2026, 7, 1), "urgent", 1), (date(2026, 10, 1), "urgent", 1)]
    assert sorted(listed(answered(tmp_path, widget))) == sorted(every + urgent)
    one = answered(tmp_path, {**widget, "limit": 1})
    assert (listed(one), one.truncated, one.found, one.cut) == (every, True, 2, "1 of 2 shown")


def test_a_line_over_another_time_stands_beside_the_same_times(tmp_path: Path) -> None:
    by = {"of": "closed", "grain": "month"}
    widget = {**TICKETS, "chart": "line", "by": by, "period": "40 days", "compare": "previous_period"}
    found = {row[0]: row[1:] for row in listed(answered(tmp_path, widget))}
    assert found[date(2026, 10, 1)] == (1, 0)  # nothing of the 40 days before was closed in October


def test_parts_of_a_whole_add_up_to_it(tmp_path: Path) -> None:
    widget = {
        **TICKETS,
        "chart": "stacked",
        "by": "account.segment",
        "split": "priority",
        "share": True,
        "period": "all",
    }
    assert listed(answered(tmp_path, widget)) == [
        ("large", "low", 2, 2 / 3), ("large", "urgent", 1, 1 / 3),
        ("small", "low", 1, 0.5), ("small", "urgent", 1, 0.5),
        (None, "low", 1, 1.0),
    ]  # fmt: skip


def test_a_heatmap_is_of_measures_or_of_two_dimensions(tmp_path: Path) -> None:
    of_measures = {
        "chart": "heatmap", "dataset": "accounts", "rows": "name", "order": "score desc", "limit": 3,
        "measures": {"score": "max(score)", "use": "max(measure.seats_now)", "tickets": "sum(tickets_90d)"},
    }  # fmt: skip
    result = answered(tmp_path, of_measures)
    assert listed(result) == [("Aster", 90.0, 90.0, 1.0), ("Dahlia", 80.0, 80.0, 0.0), ("Birch", 40.0, 40.0, 2.0)]
    assert (result.truncated, result.found) == (True, 4)
    crossed = {**TICKETS, "chart": "heatmap", "rows": "priority", "columns": "month", "period": "2 months"}
    assert listed(answered(tmp_path, crossed)) == [
        ("low", date(2026, 10, 1), 2), ("urgent", date(2026, 9, 1), 1), ("urgent", date(2026, 10, 1), 1),
    ]  # fmt: skip


def test_a_distribution_lies_between_round_numbers(tmp_path: Path) -> None:
    widget = {"chart": "distribution", "dataset": "accounts", "of": "arr", "bins": 3}
    assert listed(answered(tmp_path, widget)) == [
        (0.0, 100.0, 2.0),
        (100.0, 200.0, 1.0),
        (200.0, 300.0, 0.0),
        (300.0, 400.0, 1.0),
    ]
    sums = answered(tmp_path, {**widget, "width": 250, "measure": "sum(arr)"})
    assert listed(sums) == [(0.0, 250.0, 160.0), (250.0, 500.0, 300.0)]
    hours = answered(tmp_path, {"chart": "distribution", "dataset": "tickets", "of": "hours", "period": "1 month"})
    assert hours.notes == ("1 of 3 have no number here, and are in no bin",)
    assert answered(tmp_path, {**widget, "where": "arr > 1000"}).is_empty
    assert "more than 500" in str(answered(tmp_path, {**widget, "width": 0.1}).problem)


@pytest.mark.parametrize(
    ("low", "high", "bins", "width"), [(0, 100, 10, 10), (3, 4, 10, 0.1), (0, 7, 3, 2.5), (5, 5, 9, 1)]
)
def test_bins_are_round(low: float, high: float, bins: int, width: float) -> None:
    assert round_width(low, high, bins) == pytest.approx(width)


def test_a_funnel_goes_in_the_order_of_time(tmp_path: Path) -> None:
    steps = {"low": {"where": "priority = 'low'"}, "urgent": {"where": "priority = 'urgent'"}}
    widget = {"chart": "funnel", "dataset": "tickets", "steps": steps, "period": "all"}
    whole = answered(tmp_path, widget)  # low: a, b, c, z; urgent after it: b alone, 46 days later
    assert listed(whole, "step", "value", "of_first") == [("Low", 4, 1.0), ("Urgent", 1, 0.25)]
    assert listed(answered(tmp_path, {**widget, "within": "45 days"}), "value") == [(4,), (0,)]
    assert listed(answered(tmp_path, {**widget, "within": "46 days"}), "value") == [(4,), (1,)]
    assert listed(answered(tmp_path, widget, sight=sight("a", "c")), "value") == [(2,), (0,)]
    turned = {**widget, "steps": {"urgent": steps["urgent"], "low": steps["low"]}}
    assert listed(answered(tmp_path, turned), "value") == [(2,), (0,)]  # b asked for something low before
    state = {"all": {"where": "true"}, "green": {"where": "label = 'green'"}, "big": {"where": "in_segment('big')"}}
    accounts = {"chart": "funnel", "dataset": "accounts", "steps": state}
    assert listed(answered(tmp_path, accounts), "value", "of_previous") == [(4, None), (3, 0.75), (2, 2 / 3)]


def test_a_cohort_keeps_those_who_left(tmp_path: Path) -> None:
    widget = {"chart": "cohort", "dataset": "tickets", "start": "since", "periods": 2, "period": "4 months"}
    result = answered(tmp_path, widget)
    assert listed(result, "cohort", "size", "period", "accounts", "is_over") == [
        (date(2026, 8, 1), 1, 0, 1, True), (date(2026, 8, 1), 1, 1, 0, True), (date(2026, 8, 1), 1, 2, 1, True),
        (date(2026, 9, 1), 1, 0, 0, True), (date(2026, 9, 1), 1, 1, 0, True),
        (date(2026, 10, 1), 1, 0, 0, True),
    ]  # fmt: skip
    long = answered(tmp_path, {**widget, "period": "3 years", "periods": 20, "grain": "quarter"})
    assert (date(2025, 1, 1), 2, 6, 1) in listed(long, "cohort", "size", "period", "accounts")  # e, in September 2026
    assert not listed(answered(tmp_path, widget, sight=sight("a")))


def test_a_sankey_follows_accounts_between_two_dates(tmp_path: Path) -> None:
    widget = {"chart": "sankey", "dataset": "scores", "period": "1 month"}
    assert set(listed(answered(tmp_path, widget))) == {
        ("green", "green", 1), ("red", "green", 1), ("green", "red", 1), (None, "green", 1), ("red", None, 1),
    }  # fmt: skip
    arr = answered(tmp_path, {**widget, "measure": "sum(arr)"})
    assert set(listed(arr)) == {
        ("green", "green", 100.0), ("red", "green", 300.0), ("green", "red", 50.0), (None, "green", 10.0),
        ("red", None, 40.0),
    }  # fmt: skip
    narrow = answered(tmp_path, widget, conditions=(parse("segment = 'small'"),))
    assert set(listed(narrow)) == {("green", "red", 1), ("red", None, 1)}
    assert "choose a period" in str(answered(tmp_path, {**widget, "period": "all"}).problem)


def test_a_table_has_totals_or_the_rows_themselves(tmp_path: Path) -> None:
    grouped = {
        **TICKETS,
        "chart": "table",
        "columns": {"who": "account.name", "what": "priority"},
        "period": "2 months",
    }
    result = answered(tmp_path, {**grouped, "order": "who", "limit": 2})
    assert listed(result) == [("Aster", "low", 1), ("Birch", "urgent", 1)]
    assert (result.totals, result.found, result.truncated) == ({"n": 4}, 4, True)
    rows = {"chart": "table", "dataset": "accounts", "columns": {"name": "name", "arr": "arr"}, "order": "arr desc"}
    assert listed(answered(tmp_path, {**rows, "where": "label = 'green'"})) == [
        ("Birch", 300.0), ("Aster", 100.0), ("Dahlia", 10.0),
    ]  # fmt: skip


def test_points_are_accounts_unless_said(tmp_path: Path) -> None:
    widget = {
        "chart": "scatter",
        "dataset": "accounts",
        "x": "max(arr)",
        "y": "max(score)",
        "color": "label",
        "limit": 2,
    }
    result = answered(tmp_path, widget)
    assert listed(result) == [("b", "green", 300.0, 40.0), ("a", "green", 100.0, 90.0)]
    assert (result.truncated, result.found) == (True, 4)


def test_adding_up_by_day_first_changes_nothing(tmp_path: Path) -> None:
    measures = {
        "n": "count()", "known": "count(hours)", "sum": "sum(hours)", "low": "min(hours)", "high": "max(hours)",
        "mean": "avg(hours)", "each": {"formula": "sum / n"},
        "urgent": {"aggregate": "avg(hours)", "where": "priority = 'urgent'"},
    }  # fmt: skip
    widget = {"chart": "table", "dataset": "tickets", "measures": measures, "order": "when", "period": "all"}
    for grain in ("week", "month", "quarter"):
        split = {"who": "account.segment"}
        by_day = answered(tmp_path, {**widget, "columns": {"when": grain, **split}})
        at_once = answered(tmp_path, {**widget, "columns": {"when": {"of": "opened", "grain": grain}, **split}})
        assert listed(by_day) == listed(at_once)
        assert by_day.totals == at_once.totals == by_day.totals | {"n": 6, "known": 5, "mean": 22 / 5}
