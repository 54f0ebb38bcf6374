"""Which module answers which chart: each has `queries`, what it asks of groups, and `answer`, its result."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from keepwell.engine.reporting.charts import (
    bar,
    cohort,
    distribution,
    funnel,
    heatmap,
    line,
    number,
    sankey,
    scatter,
    stacked,
    table,
)

CHARTS: Mapping[str, ModuleType] = {
    "number": number,
    "line": line,
    "bar": bar,
    "stacked": stacked,
    "heatmap": heatmap,
    "distribution": distribution,
    "funnel": funnel,
    "cohort": cohort,
    "table": table,
    "scatter": scatter,
    "sankey": sankey,
}
