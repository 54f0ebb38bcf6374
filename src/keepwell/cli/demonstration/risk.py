"""Who is at risk: the portfolio in one sentence and by band, then those who need attention."""

from __future__ import annotations

from collections import Counter

import numpy as np
import numpy.typing as npt

from keepwell.cli.portfolio.entities import Entities, entities_of
from keepwell.cli.portfolio.recording import Recorder
from keepwell.cli.portfolio.totals import band_totals, main_scheme
from keepwell.cli.terminal.listing import reasons_for
from keepwell.cli.terminal.numbers import compact, percent, signed
from keepwell.cli.terminal.rows import Beside, print_rows
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.totals import print_totals
from keepwell.cli.terminal.trend import share_lines
from keepwell.cli.terminal.wording import counted
from keepwell.definitions.project import Project
from keepwell.engine.run import Run

LISTED = 10


def print_headline(terminal: Terminal, project: Project, recorder: Recorder, then: Run) -> None:
    """How much revenue is at risk, and how that moved since `then`."""
    accounts = recorder.accounts
    before = entities_of(project, then, "account")
    assert before is not None
    worst = main_scheme(accounts).labels[0]
    at_risk, was = _revenue(accounts, worst), _revenue(before, worst)
    total = float(np.nansum(accounts.arr))
    terminal.heading(
        f"{compact(at_risk)} of {compact(total)} ARR is {worst}: {percent(at_risk / total if total else 0)}",
        f"{accounts_of(accounts, worst)} of {counted(len(accounts), 'account')} at {recorder.series.dates[-1]}",
    )
    share_then = was / max(float(np.nansum(before.arr)), 1e-9)
    terminal.line(
        f"Four weeks ago it was {compact(was)}, {percent(share_then)}"
        f" ({signed(terminal.glyphs, 100 * (at_risk / max(total, 1e-9) - share_then), 1)} points since)."
    )
    terminal.line()
    totals = band_totals(accounts)
    counts = Counter(before.labels.tolist())
    lines = share_lines(terminal, recorder.series, totals)
    print_totals(terminal, totals, "accounts", before=counts, lines=lines, since="4 weeks")


def print_at_risk(terminal: Terminal, project: Project, recorder: Recorder) -> None:
    """Those in the worst band, most revenue first."""
    accounts = recorder.accounts
    rows = at_risk_rows(accounts)
    shown = rows[:LISTED]
    worst = main_scheme(accounts).labels[0]
    terminal.heading(
        f"Who needs attention: {worst} accounts, most revenue first", "points of the score that each cause costs"
    )
    reasons = reasons_for(project, recorder.last, accounts, shown)
    print_rows(
        terminal, accounts, [int(row) for row in shown], Beside(recorder.series.dates[-1], reasons, recorder.series)
    )
    if len(rows) > len(shown):
        terminal.line(f"and {len(rows) - len(shown)} more", style="dim")


def at_risk_rows(accounts: Entities) -> npt.NDArray[np.int64]:
    """Rows of the worst band, most revenue first; where nobody is in it, of everybody."""
    worst = np.flatnonzero(accounts.labels == main_scheme(accounts).labels[0])
    rows = worst if len(worst) else np.arange(len(accounts))
    return rows[np.lexsort((accounts.final[rows], -np.nan_to_num(accounts.arr[rows])))]


def account_to_explain(recorder: Recorder) -> str | None:
    """The account at risk that fell most since four weeks before, among the largest; None without accounts."""
    accounts, series = recorder.accounts, recorder.series
    rows = at_risk_rows(accounts)[:LISTED]
    then = max(len(series) - 5, 0)
    fallen = [float(accounts.final[row]) - series.score(accounts.ids[row], then) for row in rows]
    if not len(rows):
        return None
    return str(accounts.ids[rows[int(np.argmin(np.nan_to_num(fallen, nan=0.0)))]])


def accounts_of(accounts: Entities, label: str) -> int:
    return int((accounts.labels == label).sum())


def _revenue(accounts: Entities, label: str) -> float:
    return float(np.nansum(accounts.arr[accounts.labels == label]))
