"""From a value of a chart down to the rows behind it, under the same sight and filters."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.reporter import answer_dashboard, answer_rows
from keepwell.engine.reporting.results import Result
from tests.engine.reporting.company import AS_OF, listed, project_with, sight, tables

pytestmark = pytest.mark.slow

ROWS: dict[str, Any] = {"dataset": "tickets", "period": "all", "drill": ["id"]}
BAR: dict[str, Any] = {
    **ROWS, "chart": "stacked", "by": "account.segment", "split": "priority", "measures": {"n": "count()"},
}  # fmt: skip


def behind(folder: Path, widget: dict[str, Any], point: dict[str, Any], **more: Any) -> Result:
    project = project_with(one=widget)
    most, measure = more.pop("most", 200), more.pop("measure", None)
    with tables(folder, project) as found:
        page, asked = project.dashboards["page"], Asked(AS_OF, **more)
        return answer_rows(project, found, page, "one", asked, point, measure=measure, most=most)


@pytest.mark.parametrize(
    ("widget", "point", "ids"),
    [
        (BAR, {"by": "large", "split": "urgent"}, {"3"}),
        (BAR, {"by": "large"}, {"2", "3", "4"}),
        (BAR, {"by": None}, {"6"}),
        (BAR, {}, {"2", "3", "4", "5", "6", "7"}),
        ({**ROWS, "chart": "line", "by": "month", "measures": {"n": "count()"}}, {"by": date(2026, 8, 1)}, {"4"}),
        (
            {**ROWS, "chart": "bar", "by": {"of": "closed", "grain": "month"}, "measures": {"n": "count()"}},
            {"by": date(2026, 8, 1)}, {"4", "7"},
        ),
        ({**ROWS, "chart": "distribution", "of": "hours"}, {"from": 4.0, "to": 5.0}, {"5"}),
        ({**ROWS, "chart": "number", "measure": {"aggregate": "count()", "where": "hours > 4"}}, {}, {"3", "7"}),
    ],
)  # fmt: skip
def test_the_rows_behind_a_value(tmp_path: Path, widget: dict[str, Any], point: dict[str, Any], ids: set[str]) -> None:
    result = behind(tmp_path, widget, point)
    assert {row[1] for row in listed(result)} == ids


def test_rows_say_whose_they_are_and_what_the_widget_reads(tmp_path: Path) -> None:
    widget = {key: value for key, value in BAR.items() if key != "drill"}
    result = behind(tmp_path, widget, {"by": "large", "split": "urgent"})
    assert [one.title for one in result.columns] == ["Account id", "Name", "Opened", "Segment", "Priority"]
    ((account, name, opened, segment, priority),) = listed(result)
    assert (account, name, opened.date(), segment, priority) == ("b", "Birch", date(2026, 10, 5), "large", "urgent")


def test_rows_are_those_the_reader_may_see_and_so_many_at_most(tmp_path: Path) -> None:
    assert {row[1] for row in listed(behind(tmp_path, BAR, {}, sight=sight("a", "e")))} == {"2", "5"}
    few = behind(tmp_path, BAR, {}, most=2)
    assert (few.rows.num_rows, few.found, few.truncated) == (2, 6, True)


def test_what_has_no_rows_behind_it_says_so(tmp_path: Path) -> None:
    assert "unknown dimension 'hue'" in str(behind(tmp_path, BAR, {"hue": 1}).problem)
    assert "unknown measure 'm'" in str(behind(tmp_path, BAR, {}, measure="m").problem)


SANKEY: dict[str, Any] = {"chart": "sankey", "dataset": "scores", "period": "1 month"}
COHORT: dict[str, Any] = {"chart": "cohort", "dataset": "tickets", "start": "since", "period": "3 years"}


@pytest.mark.parametrize(
    ("widget", "keys", "measure"),
    [(SANKEY, ("source", "target"), "value"), (COHORT, ("cohort", "period"), "accounts")],
)
def test_behind_each_move_and_cell_are_the_accounts_it_counts(
    tmp_path: Path, widget: dict[str, Any], keys: tuple[str, ...], measure: str
) -> None:
    project = project_with(one=widget)
    with tables(tmp_path, project) as found:
        page = project.dashboards["page"]
        drawn = answer_dashboard(project, found, page, Asked(AS_OF))["one"]
        assert drawn.rows.num_rows > 2
        for row in drawn.rows.to_pylist()[:8]:
            point = {key: row[key] for key in keys}
            rows = answer_rows(project, found, page, "one", Asked(AS_OF), point)
            assert rows.problem is None
            assert len(set(rows.column("c0"))) == rows.found == row[measure]


@pytest.mark.parametrize(("more", "within"), [({}, {}), ({"of": "account"}, {"within": "20 days"})])
def test_behind_each_step_are_those_that_reached_it(
    tmp_path: Path, more: dict[str, Any], within: dict[str, Any]
) -> None:
    steps = {"low": {"where": "priority = 'low'", "title": "Asked"}, "urgent": {"where": "priority = 'urgent'"}}
    project = project_with(one={**ROWS, "chart": "funnel", "steps": steps, **more, **within})
    with tables(tmp_path, project) as found:
        page = project.dashboards["page"]
        drawn = answer_dashboard(project, found, page, Asked(AS_OF))["one"]
        for step, value in listed(drawn, "step", "value"):
            rows = answer_rows(project, found, page, "one", Asked(AS_OF), {"step": step})
            assert (rows.problem, rows.rows.num_rows, rows.found or 0) == (None, value, value)
        unknown = answer_rows(project, found, page, "one", Asked(AS_OF), {"step": "none"})
    assert drawn.column("value")[0] > drawn.column("value")[1]  # account e was urgent, and never low
    assert "unknown step 'none'" in str(unknown.problem)


def test_accounts_behind_a_move_say_between_what_they_moved(tmp_path: Path) -> None:
    result = behind(tmp_path, {**SANKEY, "measure": "sum(arr)"}, {}, most=2)
    assert result.columns[0].title == "Account id"
    assert {"source", "target"} <= {one.name for one in result.columns}
    assert "Arr" in {one.title for one in result.columns}
    assert result.truncated


def test_a_move_has_no_other_dimension(tmp_path: Path) -> None:
    assert "unknown dimension 'by'" in str(behind(tmp_path, SANKEY, {"by": "red"}).problem)
