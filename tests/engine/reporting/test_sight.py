"""No chart shows anything of accounts that its reader may not see: all charts, for a reader of none and of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keepwell.definitions.widgets import CHARTS
from tests.engine.reporting.company import answered, sight

pytestmark = pytest.mark.slow

N = {"measures": {"n": "count()"}}
EVERY: dict[str, dict[str, Any]] = {
    "number": {"dataset": "tickets", "measure": "count()"},
    "line": {"dataset": "tickets", "by": "month", "split": "account.name", **N},
    "bar": {"dataset": "accounts", "by": "name", **N},
    "stacked": {"dataset": "tickets", "by": "account.name", "split": "priority", **N},
    "heatmap": {"dataset": "scores", "rows": "account.name", "columns": "month", **N},
    "distribution": {"dataset": "accounts", "of": "arr"},
    "funnel": {"dataset": "tickets", "steps": {"one": {"where": "true"}, "two": {"where": "hours > 1"}}},
    "cohort": {"dataset": "tickets", "start": "since", "period": "3 years"},
    "table": {"dataset": "tickets", "columns": {"name": "account.name", "id": "id"}},
    "scatter": {"dataset": "accounts", "by": "name", "x": "max(arr)", "y": "max(score)"},
    "sankey": {"dataset": "scores", "period": "1 month"},
}


def test_every_chart_is_tried() -> None:
    assert set(EVERY) == set(CHARTS)


@pytest.mark.parametrize("chart", CHARTS)
def test_who_sees_nobody_sees_nothing(tmp_path: Path, chart: str) -> None:
    widget = {"period": "all", **EVERY[chart], "chart": chart}
    result = answered(tmp_path, widget, sight=sight())
    assert result.problem is None
    shown = {value for row in result.rows.to_pylist() for value in row.values()}
    assert not any(isinstance(value, int | float) and value for value in shown), result.rows
    assert not result.totals or not any(result.totals.values())


@pytest.mark.parametrize("chart", CHARTS)
def test_who_sees_one_sees_no_other(tmp_path: Path, chart: str) -> None:
    widget = {"period": "all", **EVERY[chart], "chart": chart}
    mine = answered(tmp_path, widget, sight=sight("b"))
    assert mine.problem is None
    everything = str(mine.rows.to_pylist())
    assert not [name for name in ("Aster", "Cedar", "Dahlia", "Elm") if name in everything]
    assert mine.rows != answered(tmp_path, widget).rows
