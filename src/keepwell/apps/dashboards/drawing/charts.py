"""Which function draws which chart; numbers and tables are no charts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from keepwell.apps.dashboards.drawing.bars import bar, distribution, funnel, stacked
from keepwell.apps.dashboards.drawing.cells import cohort, heatmap
from keepwell.apps.dashboards.drawing.drawing import Drawing, Option
from keepwell.apps.dashboards.drawing.flows import sankey
from keepwell.apps.dashboards.drawing.lines import line, scatter

CHARTS: Mapping[str, Callable[[Drawing], Option]] = {
    "bar": bar,
    "stacked": stacked,
    "distribution": distribution,
    "funnel": funnel,
    "line": line,
    "scatter": scatter,
    "heatmap": heatmap,
    "cohort": cohort,
    "sankey": sankey,
}
