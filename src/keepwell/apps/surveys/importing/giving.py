"""Rejected rows on their way back, each with all its reasons before it."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from keepwell.apps.customers.exporting import safe
from keepwell.apps.surveys.importing.reading import Checked, look


class _Echo:
    def write(self, text: str) -> str:
        return text


def rejected_rows(path: Path, found: Checked) -> Iterator[str]:
    """Lines of a file: as they stood, with `why` first."""
    reasons: Mapping[int, str] = {one.row: "; ".join(one.reasons) for one in found.rejected}
    writer = csv.writer(_Echo())
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        lines = csv.reader((line.replace("\x00", "") for line in stream), delimiter=look(path).delimiter)
        yield writer.writerow(["why", *next(lines, [])])
        filled = (line for line in lines if any(cell.strip() for cell in line))
        for number, line in enumerate(filled, 1):
            if number in reasons:
                yield writer.writerow([safe(cell) for cell in (reasons[number], *line)])
