"""Widgets of one page share their passes over rows, and show what each shows alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest

from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.reporter import answer_dashboard, answer_widgets
from keepwell.lake.reporting import ReportTables
from tests.engine.reporting.company import AS_OF, project_with, tables

pytestmark = pytest.mark.slow

ROWS: dict[str, Any] = {"dataset": "tickets", "period": "90 days"}
PAGE: dict[str, Any] = {
    "all": {**ROWS, "chart": "number", "measure": "count()", "compare": "previous_period"},
    "urgent": {**ROWS, "chart": "number", "measure": "count()", "where": "priority = 'urgent'"},
    "low": {
        **ROWS, "chart": "number", "where": "hours > 2",
        "measure": {"aggregate": "count()", "where": "priority = 'low'"},
    },
    "large": {**ROWS, "chart": "number", "measure": "avg(hours)", "where": "account.segment = 'large'"},
    "share": {
        **ROWS, "chart": "number", "measure": {"formula": "case when all > 0 then urgent / all end"},
        "measures": {"all": "count()", "urgent": {"aggregate": "count()", "where": "priority = 'urgent'"}},
    },
    "months": {**ROWS, "chart": "line", "by": "month", "measures": {"n": "count()"}},
    "hours": {**ROWS, "chart": "line", "by": "month", "measures": {"n": "sum(hours)", "m": {"formula": "n * 2"}}},
    "arr": {"dataset": "accounts", "chart": "number", "measure": "sum(arr)"},
    "green": {"dataset": "accounts", "chart": "number", "measure": "count()", "where": "label = 'green'"},
}  # fmt: skip


class Counted:
    """Tables that count what is asked of them."""

    def __init__(self, of: ReportTables) -> None:
        self._of = of
        self.asked = 0
        self.dialect = of.dialect
        self.table, self.accounts = of.table, of.accounts

    def run(self, expression: ibis.Table) -> pa.Table:
        self.asked += 1
        return self._of.run(expression)


def test_a_page_asks_few_queries_and_shows_the_same(tmp_path: Path) -> None:
    project = project_with(**PAGE)
    page = project.dashboards["page"]
    with tables(tmp_path, project) as found:
        counted = Counted(found)
        whole = answer_dashboard(project, counted, page, Asked(AS_OF))
        assert counted.asked == 4  # numbers over tickets, before, lines over them, numbers over accounts
        for name, widget in page.widgets.items():
            alone = answer_widgets(project, found, {name: widget}, Asked(AS_OF))[name]
            assert alone.problem is None
            assert whole[name] == alone, name


def test_a_widget_that_fails_leaves_those_it_would_share_with(tmp_path: Path) -> None:
    project = project_with(**PAGE, gone={**ROWS, "chart": "number", "measure": "sum(gone)"})
    with tables(tmp_path, project) as found:
        results = answer_dashboard(project, found, project.dashboards["page"], Asked(AS_OF))
    assert "unknown name `gone`" in str(results["gone"].problem)
    assert [name for name, one in results.items() if one.problem is not None] == ["gone"]


def test_one_page_after_another_reads_what_each_names_of_accounts(tmp_path: Path) -> None:
    project = project_with(**PAGE)
    page = project.dashboards["page"]
    with tables(tmp_path, project) as found:
        for name in ("arr", "green", "large"):
            assert answer_dashboard(project, found, page, Asked(AS_OF), only=name)[name].problem is None
