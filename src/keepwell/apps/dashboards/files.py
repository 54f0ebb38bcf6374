"""Results as CSV: the titles of the columns, then every row, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from keepwell.apps.customers.exporting import safe
from keepwell.engine.reporting.results import Result, ResultColumn


def as_csv(result: Result) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(head_of(one)) for one in result.columns])
    for row in result.rows.to_pylist():
        writer.writerow([safe(row[one.name]) for one in result.columns])
    return out.getvalue()


def head_of(column: ResultColumn) -> str:
    """Its title, with its unit, and with whether it is of the period before."""
    unit = f" ({column.unit})" if column.unit and column.unit != "%" else ""
    return column.title + unit + (", before" if column.role == "before" else "")
