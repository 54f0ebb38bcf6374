"""An optimism report as a leader reads it: by measure, and by person where that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from keepwell.cli.terminal.numbers import signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable, sentence, spoken
from keepwell.learning.people.entering import EntriesReport
from keepwell.learning.people.optimism import Optimism


def print_optimism(terminal: Terminal, report: EntriesReport, *, people: bool) -> None:
    """Measures, then people, each with points, interval and the sentence behind them; then what was left out."""
    terminal.heading("Scores entered by hand", f"{report.calibrated.asked.lead_days} days before decisions")
    if report.found is None:
        terminal.paragraph(f"Nothing tells what a score means: {report.reason}.")
        return
    if not report.found.measures:
        terminal.paragraph("No measure has enough entries with a known outcome to be judged.")
    _print_rows(terminal, report.found.measures)
    if people:
        terminal.heading("By person", "beside all who entered the same measure")
        _print_rows(terminal, report.found.people)
        for measure, count in report.found.left_out.items():
            left = f"{spoken(measure)}: {counted(count, 'person', 'people')} with too few decisions or losses left out"
            terminal.paragraph(Text(f"{sentence(left)}."), style="dim")
    for note in report.found.notes:
        terminal.paragraph(Text.assemble(f"{terminal.glyphs.plain} ", sentence(printable(note))), style="dim")


def _print_rows(terminal: Terminal, rows: Iterable[Optimism]) -> None:
    table = Table(words("measure"), words("person"), number("decisions"), number("left"), number("points"),
                  words("95 %"), rest())  # fmt: skip
    for one in rows:
        points, low, high = (signed(terminal.glyphs, value) for value in (one.points, one.low, one.high))
        who = printable(one.author or "")
        counts = f"{one.decisions:,}", f"{one.lost:,}"
        table.add(printable(one.measure), who, *counts, points, Text(f"{low} to {high}", "dim"), Text(one.words, "dim"))
    table.print(terminal)
