"""Figures as a statistician reads them: value, 95 % interval, and the numbers behind it, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from keepwell.cli.terminal.numbers import percent, signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import printable
from keepwell.learning.figures import Figure
from keepwell.learning.findings import BacktestReport, Calibrated, Part, Versus

_VARIANTS = {
    "as_shown": "",
    "without_overrides": "without overrides",
    "without_entered": "without entered scores",
    "without_both": "without both",
}
_RANKS = (("auc", "AUC"), ("average_precision", "average precision"), ("top_decile_lift", "top-decile lift"))
_KINDS = {"scorecard": "By scorecard", "segment": "By segment", "period": "Over time", "history": "By what was known"}


def print_figures(terminal: Terminal, report: BacktestReport) -> None:
    """AUC, average precision and lift, as shown and without overrides and entered scores; Brier score and skill."""
    ranks = report.ranks
    terminal.heading(
        "Does the score tell who leaves?", f"{report.asked.draws:,} draws of accounts behind each interval"
    )
    if ranks.auc.value is None:
        terminal.paragraph(f"That cannot be known: {ranks.auc.reason}.")
        return
    terminal.paragraph(
        f"Of an account that left and one that stayed, the score has the right one lower "
        f"{100 * ranks.auc.value:.0f} times in 100; 50 is chance.{_verdict(ranks.auc)}"
    )
    terminal.line()
    table = Table(words("figure"), number("value"), words("95 %"), number("left"), number("stayed"), rest())
    for name, title in _RANKS:
        for variant, variant_ranks in report.variants.items():
            shown = title if variant == "as_shown" else f"  {_VARIANTS[variant]}"
            _add(table, shown, getattr(variant_ranks, name))
    _add(table, "Brier score", report.calibrated.brier)
    _add(table, "Brier skill", report.calibrated.brier_skill)
    table.print(terminal)


def print_calibration(terminal: Terminal, calibrated: Calibrated) -> None:
    """Chances foretold against what came true; nothing where they cannot be known."""
    if not calibrated.bins:
        return
    terminal.heading("If the score were a chance of loss", f"learned on other accounts ({calibrated.method})")
    table = Table(number("foretold"), number("came true"), words("95 %"), number("seen"))
    for one in calibrated.bins:
        seen = f"{one.came_true.numbers.observations:,}"
        shown = span(one.came_true, share=True)
        table.add(percent(one.foretold, 1), percent(one.came_true.value, 1), Text(shown, "dim"), seen)
    table.print(terminal)


def print_parts(terminal: Terminal, report: BacktestReport) -> None:
    """Each scorecard, segment and period with its loss rate and AUC, or why that is not known."""
    for kind, title in _KINDS.items():
        parts = [part for part in report.parts if part.kind == kind and part.loss_rate.numbers.observations]
        if parts:
            terminal.heading(title)
            _parts(parts).print(terminal)


def print_versus(terminal: Terminal, versus: Versus) -> None:
    """Two sets of definitions on the same observations, and whether the difference is more than chance."""
    numbers = versus.own.auc.numbers
    terminal.heading(f"Against {printable(versus.name)}", f"{numbers.observations:,} observations that both score")
    if versus.differences.auc.value is None:
        terminal.paragraph(f"That cannot be known: {versus.differences.auc.reason}.")
        return
    table = Table(words("figure"), number("this"), number("other"), number("difference"), words("95 %"), rest())
    for name, title in _RANKS:
        difference: Figure = getattr(versus.differences, name)
        table.add(
            title,
            value_of(getattr(versus.own, name)),
            value_of(getattr(versus.other, name)),
            signed(terminal.glyphs, difference.value, 3),
            Text(span(difference), "dim"),
            _which(difference),
        )
    table.print(terminal)
    for note in versus.notes:
        terminal.paragraph(printable(note), style="dim")


def value_of(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.3f}"


def span(figure: Figure, *, share: bool = False) -> str:
    """The interval, or the reason why there is none."""
    if figure.low is None or figure.high is None:
        return ""
    if share:
        return f"{percent(figure.low)} to {percent(figure.high)}"
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _parts(parts: Iterable[Part]) -> Table:
    loss, ranked = (number("loss rate"), words("95 %")), (number("AUC"), rest("95 %"))
    table = Table(words("", 34), number("seen"), number("left"), *loss, *ranked)
    for part in parts:
        numbers, auc = part.loss_rate.numbers, part.ranks.auc
        table.add(
            printable(part.name),
            f"{numbers.observations:,}",
            f"{numbers.lost:,}",
            percent(part.loss_rate.value, 1),
            Text(span(part.loss_rate, share=True), "dim"),
            value_of(auc),
            Text(span(auc) or (auc.reason or ""), "dim"),
        )
    return table


def _add(table: Table, title: str, figure: Figure) -> None:
    numbers = figure.numbers
    why = Text(figure.reason or "", "dim")
    table.add(title, value_of(figure), Text(span(figure), "dim"), f"{numbers.lost:,}", f"{numbers.kept:,}", why)


def _verdict(auc: Figure) -> str:
    if auc.low is not None and auc.high is not None and auc.low <= 0.5 <= auc.high:
        return " The interval holds 50: chance alone may have done this."
    if auc.high is not None and auc.high < 0.5:
        return " It ranks the wrong way round: those who left scored higher."
    return ""


def _which(difference: Figure) -> str:
    if difference.low is None or difference.high is None:
        return difference.reason or ""
    if difference.low <= 0 <= difference.high:
        return "may be chance"
    return "the other is better" if difference.low > 0 else "the other is worse"
