"""A backtest as a leader reads it: of those who left, how many were red, and how early; then the figures behind it."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.terminal.bands import band_of_label, color, mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.figures import (
    print_calibration,
    print_figures,
    print_parts,
    print_versus,
    span,
)
from keepwell.cli.terminal.numbers import compact, percent
from keepwell.cli.terminal.tables import Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, joined, printable
from keepwell.definitions.durations import print_days
from keepwell.definitions.project import Project
from keepwell.definitions.schemes import Scheme
from keepwell.learning.findings import BacktestReport, BandRow, Warned, WarningRow

EARLY_DAYS = 90
_BAR = 24
_WAYS = {
    "before_decisions": "each decision, {lead} or a little more before it",
    "on_grid": "everybody on {dates}, {lead} before a horizon of {horizon}",
    "at_one_date": "each account once, with its outcome",
}


def print_backtest(terminal: Terminal, project: Project, report: BacktestReport) -> None:
    """The answer, early warning, losses by band; then figures with intervals, parts, and what was left out."""
    scheme = _main_scheme(project, report)
    dated = report.asked.way != "at_one_date"
    when = f"decisions of {report.asked.first} to {report.asked.last}" if dated else "outcomes without dates"
    terminal.heading(_answer(report, scheme), when)
    terminal.line(_seen(report), style="dim")
    if report.warned is not None:
        _print_warned(terminal, report, report.warned, scheme)
    _print_bands(terminal, project, report)
    print_figures(terminal, report)
    print_calibration(terminal, report.calibrated)
    print_parts(terminal, report)
    if report.versus is not None:
        print_versus(terminal, report.versus)
    _print_notes(terminal, report)


def _answer(report: BacktestReport, scheme: Scheme) -> str:
    if not report.accounts_lost:
        return f"Nobody of {counted(report.accounts, 'account')} left, so nothing can be said about the score"
    row = _early(report.warned)
    if row is None or row.below_best.value is None:
        return f"{counted(report.lost, 'loss', 'losses')} among {counted(report.observations, 'observation')}"
    seen, bands = row.below_best.numbers.observations, scheme.bands
    below, worst = (round((figure.value or 0) * seen) for figure in (row.below_best, row.worst))
    worst_label, best = (printable(bands[at].label) for at in (0, -1)) if bands else ("worst", "best")
    parts = joined([f"{worst:,} were {worst_label}", f"{below:,} below {best}"])
    return f"Of {seen:,} that left, {parts} {print_days(EARLY_DAYS)} before they decided"


def _early(warned: Warned | None) -> WarningRow | None:
    rows = warned.rows if warned is not None else ()
    return next((row for row in rows if row.days == EARLY_DAYS), None)


def _seen(report: BacktestReport) -> str:
    asked = report.asked
    way = _WAYS[asked.way].format(
        lead=print_days(asked.lead_days),
        horizon=print_days(asked.horizon_days or 0),
        dates=counted(asked.dates, "date"),
    )
    lost = f"{report.lost:,} ended in a loss"
    money = "" if report.amount_lost is None else f", {compact(report.amount_lost)} in all"
    who = f"{counted(report.observations, 'observation')} of {counted(report.accounts, 'account')}"
    return f"Looked at {way}: {who}, {lost}{money}."


def _print_warned(terminal: Terminal, report: BacktestReport, warned: Warned, scheme: Scheme) -> None:
    if not scheme.bands or not any(row.below_best.is_known for row in warned.rows):
        return
    worst, best = printable(scheme.bands[0].label), printable(scheme.bands[-1].label)
    terminal.heading("How early", "those who left, at growing distances before they decided")
    table = Table(number("days before"), number("known then"), number(worst), words(), number(f"below {best}"), words())
    for row in warned.rows:
        if row.below_best.is_known:
            table.add(
                f"{row.days}",
                f"{row.below_best.numbers.observations:,}",
                percent(row.worst.value),
                Text(span(row.worst, share=True), "dim"),
                percent(row.below_best.value),
                Text(span(row.below_best, share=True), "dim"),
            )
    table.print(terminal)
    stayed = (
        f"{percent(warned.stayed_worst.value)} were {worst} and {percent(warned.stayed_below_best.value)} below {best}"
    )
    terminal.line()
    terminal.paragraph(f"Of those who stayed, {stayed} too: so often a warning was false.")
    if warned.amount_below_best.value is not None and report.amount_lost:
        share = percent(warned.amount_below_best.value)
        terminal.paragraph(
            f"{share} of the {compact(report.amount_lost)} that was lost was below {best} when looked at."
        )


def _print_bands(terminal: Terminal, project: Project, report: BacktestReport) -> None:
    terminal.heading("What became of each label")
    highest = max((row.loss_rate.value or 0 for row in report.bands), default=0)
    table = Table(
        words(), number("seen"), number("left"), number("loss rate"), words("95 %"), words(), number("amount")
    )
    for row in report.bands:
        scheme = project.schemes.get(row.scheme, Scheme())
        table.add(
            mark(terminal.glyphs, scheme, row.label),
            f"{row.observations:,}",
            f"{row.lost:,}",
            percent(row.loss_rate.value, 1),
            Text(span(row.loss_rate, share=True), "dim"),
            bar(terminal.glyphs, row.loss_rate.value, _BAR, of=highest, style=_style(scheme, row)),
            compact(row.amount_lost),
        )
    table.print(terminal)
    for reason in dict.fromkeys(
        row.loss_rate.reason for row in report.bands if row.observations and not row.loss_rate.is_known
    ):
        terminal.paragraph(f"No loss rates: {reason}.", style="dim")


def _style(scheme: Scheme, row: BandRow) -> str:
    return color(scheme, band_of_label(scheme, row.label)) or "dim"


def _print_notes(terminal: Terminal, report: BacktestReport) -> None:
    notes = [*map(str, report.asides), *report.notes]
    if notes:
        terminal.heading("To mind")
    for note in notes:
        terminal.paragraph(Text.assemble(f"{terminal.glyphs.plain} ", printable(note)), style="dim")


def _main_scheme(project: Project, report: BacktestReport) -> Scheme:
    """The scheme of most observations."""
    counts: dict[str, int] = {}
    for row in report.bands:
        counts[row.scheme] = counts.get(row.scheme, 0) + row.observations
    best = max(counts, key=lambda name: counts[name], default="")
    return project.schemes.get(best, Scheme())
