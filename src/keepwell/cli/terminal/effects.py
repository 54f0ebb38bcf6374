"""Effects as a leader reads them: what a treatment did, how sure that is, and what must hold for it to be so."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.terminal.numbers import signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable, sentence
from keepwell.learning.effects.estimate import ASSUMPTIONS, Estimate, Way
from keepwell.learning.effects.findings import EffectsReport, TargetEffects, TreatmentEffects
from keepwell.learning.effects.targets import Target

_SHORT: dict[Way, str] = {"randomised": "held out", "matched": "matched", "doubly_robust": "weighted"}
WAYS: dict[Way, str] = {
    "randomised": "against those held out by chance",
    "matched": "against matched accounts",
    "doubly_robust": "against all, weighted",
}


def print_effects(terminal: Terminal, report: EffectsReport) -> None:
    """Each treatment with its effects; then the balance, what must hold, and what was left out."""
    for one in report.treatments:
        _print_treatment(terminal, one)
    _print_assumptions(terminal, report)
    _print_notes(terminal, report)


def _print_treatment(terminal: Terminal, one: TreatmentEffects) -> None:
    held_out = f", {one.held_out:,} held out" if one.held_out else ""
    withdrawn = f", {one.withdrawn:,} taken back" if one.withdrawn else ""
    who = f"{counted(one.treated, 'account')} treated{held_out}{withdrawn}, {one.first} to {one.last}"
    terminal.heading(printable(one.by), who)
    for found in one.effects:
        if found.best is not None:
            terminal.paragraph(verdict(terminal, found.best))
    terminal.line()
    table = Table(
        words("what"), words("against"), number("treated"), number("others"), number("effect"), words("95 %"), rest()
    )
    for found in one.effects:
        _rows(terminal, table, found)
    table.print(terminal)
    alike = next((found for found in one.effects if found.overlap is not None), None)
    if alike is not None:
        terminal.paragraph(_alike(terminal, alike), style="dim")


def verdict(terminal: Terminal, best: Estimate) -> str:
    """One sentence on an effect that could be estimated."""
    size = shown(terminal, best.target, best.effect)
    interval = f"{shown(terminal, best.target, best.low)} to {shown(terminal, best.target, best.high)}"
    what = "The share " + best.target.name if best.target.is_loss else sentence(printable(best.target.name))
    how = f"{what} moved by {size} ({interval}) {WAYS[best.way]}"
    return f"{how}." if best.is_told_from_nothing else f"{how}; the interval holds 0, so chance alone may have done it."


def shown(terminal: Terminal, target: Target, value: float | None) -> str:
    """Losses in points of a hundred, else in the unit of the column."""
    if value is None:
        return "–"
    if target.is_loss:
        return f"{signed(terminal.glyphs, 100 * value, 1)} points"
    places = 1 if abs(value) >= 10 else 2 if abs(value) >= 0.1 else 4
    return signed(terminal.glyphs, value, places)


def _alike(terminal: Terminal, found: TargetEffects) -> str:
    """Whether there was anybody to compare with, and how alike they were, in a sentence or two."""
    overlap = found.overlap
    assert overlap is not None
    worth = "" if overlap.effective is None else f"; weighted, the others are worth {overlap.effective:,.0f} accounts"
    seen = (
        f"{overlap.matched:,} of {overlap.treated:,} treated find matched accounts among {overlap.compared:,}{worth}."
    )
    far = next((row for row in found.balance if row.all_compared is not None), None)
    if far is None:
        return seen
    apart = [signed(terminal.glyphs, value, 2) or "–" for value in (far.all_compared, far.matched, far.weighted)]
    before = f"Furthest apart before: '{printable(far.covariate)}', by {apart[0]} standard deviations"
    return f"{seen} {before}; {apart[1]} among matched accounts, {apart[2]} weighted."


def _rows(terminal: Terminal, table: Table, found: TargetEffects) -> None:
    for at, one in enumerate(found.estimates):
        interval = f"{shown(terminal, one.target, one.low)} to {shown(terminal, one.target, one.high)}"
        table.add(
            printable(one.target.name) if at == 0 else "",
            _SHORT[one.way],
            f"{one.treated:,}",
            f"{one.compared:,}",
            shown(terminal, one.target, one.effect),
            Text(interval if one.is_known else "", "dim"),
            Text(one.reason or "", "dim"),
        )


def _print_assumptions(terminal: Terminal, report: EffectsReport) -> None:
    every = [one for treatment in report.treatments for found in treatment.effects for one in found.estimates]
    used = dict.fromkeys(one.way for one in every if one.is_known)
    if used:
        terminal.heading("What must hold for these to be effects")
    for way, said in ASSUMPTIONS.items():
        if way in used:
            terminal.paragraph(f"{sentence(WAYS[way])}: {'; '.join(said)}.")


def _print_notes(terminal: Terminal, report: EffectsReport) -> None:
    found = [f"{one.by}, {note}" for one in report.treatments for note in _notes_of(one)]
    notes = [*found, *map(str, report.asides), *report.notes]
    if notes:
        terminal.heading("To mind")
    for note in notes:
        terminal.paragraph(Text.assemble(f"{terminal.glyphs.plain} ", printable(note)), style="dim")


def _notes_of(one: TreatmentEffects) -> list[str]:
    """Each note once for each target, whichever estimates it is about."""
    found = [(each.target.name, note) for each in one.effects for estimate in each.estimates for note in estimate.notes]
    return [f"{target}: {note}" for target, note in dict.fromkeys(found)]
