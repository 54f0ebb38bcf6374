"""How the score did: what became of the accounts, read from the history just made and from nothing else.

A score of a date was computed from what was known at its end, so nothing here looks ahead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from keepwell.cli.portfolio.entities import is_scored
from keepwell.cli.portfolio.recording import Recorder
from keepwell.cli.portfolio.series import Series
from keepwell.cli.portfolio.totals import main_scheme
from keepwell.cli.terminal.bands import band_of_label, color, mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.numbers import compact, percent
from keepwell.cli.terminal.tables import Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.definitions.schemes import Scheme

YEAR, QUARTER = 52, 13


@dataclass(frozen=True)
class Fate:
    """Accounts that had a label at a date, and how many of them had left a year later."""

    label: str
    accounts: int
    left: int
    arr_left: float


def print_verdict(terminal: Terminal, recorder: Recorder) -> None:
    series, scheme = recorder.series, main_scheme(recorder.accounts)
    if len(series) <= YEAR + QUARTER:
        return
    start = len(series) - 1 - YEAR
    terminal.heading(
        "How the score did", f"labels of {series.dates[start]}, as known then, and who left in the year after"
    )
    _table(terminal, scheme, fates(series, scheme.labels, start)).print(terminal)
    terminal.line()
    terminal.paragraph(_warned(series, scheme))


def fates(series: Series, labels: Sequence[str], start: int) -> list[Fate]:
    """What became of the accounts of each label between the date at `start` and the last."""
    still = series.ids(len(series) - 1)
    found = []
    for label in labels:
        there = series.with_label(start, [label])
        gone = [one for one in there if one not in still]
        found.append(Fate(label, len(there), len(gone), series.arr(start, gone)))
    return found


def leavers(series: Series, start: int) -> list[tuple[str, int]]:
    """Accounts that left after the date at `start`, each with the index of the first date without it."""
    found = []
    for index in range(start + 1, len(series)):
        found += [(one, index) for one in series.ids(index - 1) - series.ids(index)]
    return sorted(found)


def below_best(series: Series, scheme: Scheme, who: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """Of those with a score at their index: how many were below the best band, and how many there are."""
    labels = [series.label(one, index) for one, index in who]
    scored = [label for label in labels if label is not None and is_scored(label)]
    return sum(label != scheme.labels[-1] for label in scored), len(scored)


def _table(terminal: Terminal, scheme: Scheme, found: Sequence[Fate]) -> Table:
    shown = Table(words("label then"), number("accounts"), number("left"), number("share"), words(), number("ARR lost"))
    for fate in found:
        share = fate.left / fate.accounts if fate.accounts else float("nan")
        style = color(scheme, band_of_label(scheme, fate.label))
        drawn = bar(terminal.glyphs, share, 30, of=1.0, style=style)
        label = mark(terminal.glyphs, scheme, fate.label)
        shown.add(label, f"{fate.accounts}", f"{fate.left}", percent(share), drawn, compact(fate.arr_left))
    return shown


def _warned(series: Series, scheme: Scheme) -> Text:
    """The share of leavers that was below the best band a quarter before, beside that of those who stayed."""
    best, start = scheme.labels[-1], len(series) - 1 - YEAR
    gone = [(one, index - QUARTER) for one, index in leavers(series, start)]
    last = len(series) - 1
    stayed = [(one, last - QUARTER) for one in sorted(series.ids(last) & series.ids(last - QUARTER))]
    below, scored = below_best(series, scheme, gone)
    base, others = below_best(series, scheme, stayed)
    if not scored or not others:
        return Text("Too few accounts left to say more.", "dim")
    return Text.assemble(
        (f"{below} of the {scored} that left in the last year ({percent(below / scored)}) were below {best}", "bold"),
        f" {QUARTER} weeks before they did. Of those who stayed, {percent(base / others)} were, {QUARTER} weeks ago. "
        "Every score is the one that could be known on its day.",
    )
