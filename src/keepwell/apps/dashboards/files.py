"""Results as CSV: the titles of the columns, then its rows, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io

from keepwell.apps.customers.exporting import safe
from keepwell.engine.reporting.results import Result, ResultColumn

CUT = "There are more rows than a file has; narrow what is asked for to see them."


def as_csv(result: Result) -> str:
    """Where rows are left out, the last line says so."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([safe(head_of(one)) for one in result.columns])
    for row in result.rows.to_pylist():
        writer.writerow([safe(row[one.name]) for one in result.columns])
    if result.truncated:
        writer.writerow([CUT])
    return out.getvalue()


def head_of(column: ResultColumn) -> str:
    """Its title, with its unit, and with whether it is of the period before."""
    unit = f" ({column.unit})" if column.unit and column.unit != "%" else ""
    return column.title + unit + (", before" if column.role == "before" else "")
