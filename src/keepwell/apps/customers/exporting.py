"""The list as CSV: row by row, so that any number fits, and safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from keepwell.apps.customers.listing import Narrowed, page_of
from keepwell.apps.customers.table import Column, add_own, fields_of

_BATCH = 2000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_VALUES = {
    "change": "health__change", "arr": "arr", "renewal": "renews_on", "stage": "stage", "why": "health__why",
    "coverage": "health__coverage", "scorecard": "health__scorecard", "id": "id",
}  # fmt: skip


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def exported(found: Narrowed, columns: Sequence[Column]) -> Iterator[str]:
    """Lines of the file: account, name, score, band, then the columns of the view; pages follow each other."""
    columns = [column for column in columns if column.name not in ("trend", "id")]
    writer = csv.writer(_Echo())
    yield writer.writerow(["id", "name", "score", "band", *(column.name for column in columns)])
    fields, after = fields_of(columns), ""
    while True:
        page = page_of(found, *fields, size=_BATCH, after=after)
        add_own(page.rows, columns)
        for row in page.rows:
            cells = [row["id"], row["name"], row["health__score"], row["health__label"]]
            yield writer.writerow([safe(cell) for cell in (*cells, *(_cell(row, column.name) for column in columns))])
        after = page.after
        if not after:
            return


def safe(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell.isoformat() if isinstance(cell, date) else cell


def _cell(row: dict[str, Any], name: str) -> Any:
    if name in _VALUES:
        return row[_VALUES[name]]
    if name == "csm":
        return row["owner__name"] or row["owner_name"]
    return ", ".join(row["segments"]) if name == "segments" else row["own"][name]
