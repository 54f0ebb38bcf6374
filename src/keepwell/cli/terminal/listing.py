"""A scored run on the terminal: the answer in one line, totals by band, and the list, worst first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from keepwell.cli.portfolio.entities import Entities, entities_of, is_scored
from keepwell.cli.portfolio.totals import band_totals
from keepwell.cli.terminal.explanation import print_explanation
from keepwell.cli.terminal.numbers import compact
from keepwell.cli.terminal.reasons import reason_of
from keepwell.cli.terminal.rows import Beside, print_rows
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.totals import print_totals
from keepwell.cli.terminal.wording import counted, joined, printable
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.explain import Explanation
from keepwell.engine.explain.explaining import explain
from keepwell.engine.run import Run
from keepwell.engine.scores import Scores

Rows = npt.NDArray[np.int64]
_KINDS: tuple[EntityKind, ...] = ("account", "relationship")


class Listing:
    """What is listed of a run: all, or one account with its relationships; at most `top` rows a table, 0 for all.

    Raises RequestRefused for an account that is not in the population.
    """

    def __init__(self, terminal: Terminal, project: Project, run: Run, *, account: str | None = None, top: int) -> None:
        self._terminal = terminal
        self._project = project
        self._run = run
        self._account = account
        self._top = top
        if account is not None:
            explain(project, run.values, run.scores, account)

    def print_list(self) -> None:
        for kind in _KINDS:
            entities = entities_of(self._project, self._run, kind)
            if entities is not None and (kind == "account" or self._project.cards_for(kind)):
                self._print_kind(entities)

    def print_explanations(self) -> None:
        for kind in _KINDS:
            entities = entities_of(self._project, self._run, kind)
            if entities is None or not (kind == "account" or self._account):
                continue
            for row in self._shown(self._chosen(entities)):
                self._terminal.line()
                print_explanation(self._terminal, _explained(self._project, self._run, entities, int(row)))

    def _print_kind(self, entities: Entities) -> None:
        rows = self._chosen(entities)
        if entities.kind == "relationship":
            if not len(rows):
                return
            self._terminal.line()
        self._terminal.line(self._headline(entities, rows), style="bold")
        self._terminal.line(
            f"as of {self._run.scores.as_of}, as known at {self._run.scores.known_at:%Y-%m-%d %H:%M} UTC", style="dim"
        )
        if self._account is None and len(rows):
            self._terminal.line()
            print_totals(self._terminal, band_totals(entities), f"{entities.kind}s")
        if len(rows):
            self._terminal.line()
            self._print_rows(entities, rows)

    def _print_rows(self, entities: Entities, rows: Rows) -> None:
        shown = self._shown(rows)
        reasons = reasons_for(self._project, self._run, entities, shown)
        print_rows(self._terminal, entities, shown, Beside(self._run.scores.as_of, reasons))
        if len(rows) > len(shown):
            left = counted(len(rows) - len(shown), f"more {entities.kind}")
            self._terminal.line(f"and {left}; --top 0 shows all, --out FILE writes them", style="dim")

    def _headline(self, entities: Entities, rows: Rows) -> str:
        labels = Counter(entities.labels[rows].tolist())
        parts = [counted(len(rows), entities.kind)]
        arr = entities.arr[rows]
        parts += [f"{compact(float(np.nansum(arr)))} ARR"] if not np.isnan(arr).all() else []
        missing = [f"{count:,} {label}" for label, count in labels.items() if not is_scored(label)]
        return ", ".join(parts) + (f"; {joined(missing)}" if missing else "")

    def _chosen(self, entities: Entities) -> Rows:
        rows = entities.by_score()
        if self._account is None:
            return rows
        mine = pc.equal(entities.values.accounts, self._account).to_numpy(zero_copy_only=False)
        return rows[mine[rows]]

    def _shown(self, rows: Rows) -> Rows:
        return rows[: self._top] if self._top else rows


def reasons_for(project: Project, run: Run, entities: Entities, rows: Iterable[int]) -> dict[str, str]:
    """One sentence for each of these rows, by id."""
    return {entities.ids[row]: reason_of(_explained(project, run, entities, int(row))) for row in rows}


def _explained(project: Project, run: Run, entities: Entities, row: int) -> Explanation:
    return explain(project, run.values, run.scores, str(entities.ids[row]), entities.kind)


def print_warnings(terminal: Terminal, scores: Scores) -> None:
    """What the run found odd in the data; each a sentence."""
    if not (scores.problems or scores.warnings):
        return
    terminal.heading(counted(len(scores.problems) + len(scores.warnings), "warning"))
    for sentence in (*scores.problems, *scores.warnings):
        terminal.line(f"  {terminal.glyphs.dash} {printable(sentence)}", style="dim")
