"""A calibration as a leader reads it: revenue at risk, the chance of loss at each score, and whether chances held."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.terminal.numbers import compact, percent
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable, sentence
from keepwell.learning.calibration.at_risk import AtRisk
from keepwell.learning.calibration.calibrating import CalibrationReport
from keepwell.learning.calibration.chances import Chances, Curve

_SCORES = (10, 30, 50, 70, 90)
EVERYBODY = "everybody"


def print_calibration(terminal: Terminal, report: CalibrationReport) -> None:
    """The answer, then curves and amounts by segment, drift by month, and what was left out."""
    seen = report.numbers
    terminal.heading(
        "Chances of loss", f"{counted(seen.observations, 'observation')} of {counted(seen.accounts, 'account')}"
    )
    if report.chances is None:
        terminal.paragraph(f"No chance can be learned: {report.reason}.")
    else:
        _print_curves(terminal, report.chances)
        _print_amounts(terminal, report)
    _print_held(terminal, report)
    _print_notes(terminal, report)


def _print_curves(terminal: Terminal, learned: Chances) -> None:
    table = Table(words("segment"), number("left"), *(number(f"at {score}") for score in _SCORES), rest("at 50, 95 %"))
    for name, curve in {EVERYBODY: learned.overall, **learned.by_segment}.items():
        _add_curve(table, name, curve)
    table.print(terminal)
    for name, why in learned.pooled.items():
        terminal.paragraph(Text(f"{printable(name)}: {why}."), style="dim")


def _add_curve(table: Table, name: str, curve: Curve) -> None:
    import numpy as np

    at = np.array(_SCORES, np.float64)
    low, high = np.quantile(curve.drawn(at[2:3]), (0.025, 0.975))
    shown = [percent(float(one)) for one in curve.chance(at)]
    span = Text(f"{percent(float(low))} to {percent(float(high))}", "dim")
    table.add(printable(name), f"{curve.numbers.accounts_lost:,}", *shown, span)


def _print_amounts(terminal: Terminal, report: CalibrationReport) -> None:
    if not report.amounts:
        return
    terminal.heading("Revenue at risk", f"by the scores of {report.scored_on}; {meaning(report)}")
    table = Table(words("segment"), number("accounts"), number("revenue"), number("at risk"), words("95 %"), rest())
    for one in report.amounts:
        _add_amount(table, one, is_whole=one is report.amounts[0])
    table.print(terminal)


def _add_amount(table: Table, one: AtRisk, *, is_whole: bool) -> None:
    name = EVERYBODY if is_whole else printable(one.segment or "in no segment")
    span = Text(f"{compact(one.low)} to {compact(one.high)}", "dim")
    without = f"{one.without_score:,} without score or amount are not in it" if one.without_score else ""
    table.add(name, f"{one.accounts:,}", compact(one.amount), compact(one.expected), span, Text(without, "dim"))


def meaning(report: CalibrationReport) -> str:
    """What a chance is the chance of."""
    asked = report.asked
    if asked.way == "on_grid":
        return f"lost within {asked.horizon_days} days, {asked.lead_days} days from then"
    return "lost at the next decision"


def _print_held(terminal: Terminal, report: CalibrationReport) -> None:
    terminal.heading("Do chances hold", f"learned from outcomes up to {report.held.learned_until}")
    terminal.paragraph(report.held.said)
    if report.held.drift is None:
        return
    table = Table(words("month"), number("seen"), number("foretold"), number("left"), number("p"), rest())
    for one in report.held.drift.months:
        p = "–" if one.p is None else f"{one.p:.3f}"
        why = "beyond chance" if one.is_alarm else one.reason or ""
        table.add(one.month, f"{one.observations:,}", f"{one.foretold:.1f}", f"{one.lost:,}", p, Text(why, "dim"))
    table.print(terminal)


def _print_notes(terminal: Terminal, report: CalibrationReport) -> None:
    notes = [*map(str, report.asides), *report.notes]
    if notes:
        terminal.heading("To mind")
    for note in notes:
        terminal.paragraph(Text.assemble(f"{terminal.glyphs.plain} ", sentence(printable(note))), style="dim")
