"""What leaves the page says where it is cut, and what stands below a chart."""

from __future__ import annotations

import pyarrow as pa
import pytest

from keepwell.apps.dashboards.drawing.picture import Line, Picture
from keepwell.apps.dashboards.files import CUT, as_csv
from keepwell.apps.dashboards.printing.still import Drawn
from keepwell.apps.dashboards.sending.wording import _widget
from keepwell.apps.dashboards.showing import Stand
from keepwell.engine.reporting.results import Result, ResultColumn

COLUMNS = (ResultColumn("name", "Name", "dimension"),)
ROWS = pa.table({"name": ["Acme", "Dune"]})


@pytest.mark.parametrize("truncated", [False, True])
def test_a_file_says_that_it_is_cut(truncated: bool) -> None:
    lines = as_csv(Result("table", COLUMNS, ROWS, truncated=truncated)).splitlines()
    assert lines[:3] == ["Name", "Acme", "Dune"]
    assert (len(lines) == 4 and CUT in lines[3]) == truncated


def test_a_letter_counts_what_the_limit_left_out_and_says_the_notes() -> None:
    result = Result("table", COLUMNS, ROWS, truncated=True, found=40, notes=("Of two sources.",))
    picture = Picture(result, list(COLUMNS), [Line([], "", "", "")] * 2)
    said = list(_widget(Drawn(Stand("names", "Names", "", "table", 1, 1, 4, 4), result, picture)))
    assert said[-2:] == ["and 38 more rows", "Of two sources."]
