"""A reading on its way: rows that fit in one file, rows that do not in another, and what came of it.

Nothing of it is in the dataset until it is loaded as a whole.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from shutil import rmtree
from typing import Any

import pyarrow as pa

from keepwell.connect.converting import Converter, Refusal
from keepwell.connect.document import SyncDocument
from keepwell.connect.drift import Part
from keepwell.connect.rows import as_objects, types_of
from keepwell.connect.spec import REFUSED, Page
from keepwell.whole_files import whole

_ERRORS_KEPT = 100_000
_LOOKED_AT = 2000  # rows of which the columns are looked at, in every reading


@dataclass
class Outcome:
    """What a run came to, written beside its rows before they are loaded, so that a run that was killed can end."""

    read: int = 0
    refused: int = 0
    cursor: Any = None
    columns: dict[str, str] = field(default_factory=dict)
    partial: bool = False  # only what is new was read
    objects: bool = False  # each row says itself which columns it has
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0
    held: str = ""

    @property
    def part(self) -> Part | None:
        """How much of the stream the columns were seen in; None for all of it."""
        return Part(self.read, self.objects) if self.partial else None


class Staging:
    """The folder of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows_path = folder / "rows.arrow"
        self.errors_path = folder / "errors.csv"
        self._outcome_path = folder / "outcome.json"

    def fill(self, document: SyncDocument, pages: Iterable[Page], now: datetime, zone: Any) -> Outcome:
        """Reads everything and keeps it here; what an earlier try left is thrown away, and what breaks off is too."""
        rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        try:
            outcome = self._fill(document, pages, now, zone)
        except BaseException:
            rmtree(self.folder, ignore_errors=True)
            raise
        if not outcome.refused:
            self.errors_path.unlink()
        return outcome

    def _fill(self, document: SyncDocument, pages: Iterable[Page], now: datetime, zone: Any) -> Outcome:
        converter, outcome = Converter(document, now, zone), Outcome()
        with (
            pa.OSFile(str(self.rows_path), "wb") as sink,
            pa.ipc.new_file(sink, converter.schema) as writer,
            self.errors_path.open("w", newline="", encoding="utf-8") as errors,
        ):
            refusals = csv.writer(errors)
            refusals.writerow(("row", "column", "reason", "text"))
            for page in pages:
                self._look_at(page, outcome)
                rows, refused = converter.convert(page)
                writer.write_table(rows)
                self._keep(refusals, refused, outcome)
        outcome.read, outcome.cursor = converter.read, converter.cursor
        return outcome

    def rows(self) -> pa.Table:
        """The rows that fit."""
        with pa.memory_map(str(self.rows_path)) as source:
            return pa.ipc.open_file(source).read_all()

    def note(self, outcome: Outcome) -> None:
        """Must be on disk before the rows are loaded."""
        with whole(self._outcome_path) as unfinished:
            unfinished.write_text(json.dumps(asdict(outcome)), encoding="utf-8")

    def noted(self) -> Outcome | None:
        """What a run came to before it was killed."""
        if not self._outcome_path.exists():
            return None
        return Outcome(**json.loads(self._outcome_path.read_text(encoding="utf-8")))

    def clear(self) -> None:
        """Keeps the rows that did not fit, and nothing else."""
        self.rows_path.unlink(missing_ok=True)
        self._outcome_path.unlink(missing_ok=True)
        if not self.errors_path.exists():
            rmtree(self.folder, ignore_errors=True)

    def _look_at(self, page: Page, outcome: Outcome) -> None:
        if isinstance(page, pa.Table):
            types_of(page.slice(0, 200).to_pylist(), outcome.columns)
            for name in page.column_names:
                outcome.columns.setdefault(name, "empty")
        elif len(outcome.columns) == 0 or self._looked < _LOOKED_AT:
            rows = [row for row in as_objects(page) if REFUSED not in row]
            types_of(rows, outcome.columns)
            outcome.objects = True
            self._looked += len(rows)

    _looked = 0

    def _keep(self, refusals: Any, refused: list[Refusal], outcome: Outcome) -> None:
        for one in refused[: max(_ERRORS_KEPT - outcome.refused, 0)]:
            refusals.writerow((one.row, one.column, one.reason, one.text))
        outcome.refused += len(refused)
