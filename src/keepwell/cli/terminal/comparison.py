"""What a draft would move: bands before and after, and everybody who changes band."""

from __future__ import annotations

from rich.text import Text

from keepwell.cli.portfolio.entities import Entities
from keepwell.cli.portfolio.totals import main_scheme
from keepwell.cli.terminal.bands import band_of_label, color, mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.numbers import compact, signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, joined, printable
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain import Comparison

_BAR = 24


def print_comparison(terminal: Terminal, comparison: Comparison, old: Entities, new: Entities, limit: int) -> None:
    """The answer, the bands, and at most `limit` movers (0: all); `old` and `new` say who they are."""
    noun, scheme = comparison.entity_kind, main_scheme(new)
    terminal.heading(_answer(comparison, noun), f"at {comparison.as_of}")
    changed = f"{counted(comparison.changed, noun)} of {len(comparison.entities):,} would have another score"
    terminal.line(f"{changed}, {comparison.new_card:,} another card.", style="dim")
    terminal.line()
    _bands(terminal, comparison, scheme).print(terminal)
    _print_assignments(terminal, comparison)
    for note in comparison.notes:
        terminal.paragraph(printable(note), style="dim")
    if comparison.movers:
        terminal.line()
        _movers(terminal, comparison, scheme, old, new, limit).print(terminal)
        left = len(comparison.movers) - limit if limit else 0
        if left > 0:
            terminal.line(f"and {left:,} more; --top 0 shows all of them", style="dim")


def _answer(comparison: Comparison, noun: str) -> str:
    if not comparison.movers:
        return f"No {noun} would move to another band"
    ways = [f"{comparison.up:,} up", f"{comparison.down:,} down"]
    ways += [f"{comparison.other:,} to or from no label"] if comparison.other else []
    movers = f"{counted(len(comparison.movers), noun)} of {len(comparison.entities):,}"
    return f"{movers} would move to another band: {joined(ways)}"


def _bands(terminal: Terminal, comparison: Comparison, scheme: Scheme) -> Table:
    total = max(len(comparison.entities), 1)
    shown = Table(words(), number("now"), words(), number("draft"), words(), number("change"))
    for band in comparison.bands:
        style = color(scheme, band_of_label(scheme, band.label)) or "dim"
        shown.add(
            mark(terminal.glyphs, scheme, band.label),
            f"{band.before:,}",
            bar(terminal.glyphs, band.before, _BAR, of=total, style=style),
            f"{band.after:,}",
            bar(terminal.glyphs, band.after, _BAR, of=total, style=style),
            signed(terminal.glyphs, band.after - band.before),
        )
    return shown


def _movers(
    terminal: Terminal, comparison: Comparison, scheme: Scheme, old: Entities, new: Entities, limit: int
) -> Table:
    known = [number("ARR")] if comparison.entity_kind == "account" else [words("of account", 24)]
    shown = Table(
        words(comparison.entity_kind, 26), *known, words("now"), words("draft"), number("points"), rest("why")
    )
    for mover in comparison.movers[: limit or None]:
        entities = new if new.row(mover.entity_id) is not None else old
        row = entities.row(mover.entity_id) or 0
        shown.add(
            printable(str(entities.names[row])),
            compact(entities.arr[row]) if comparison.entity_kind == "account" else printable(entities.accounts[row]),
            _scored(terminal, scheme, mover.old_label, mover.old_final),
            _scored(terminal, scheme, mover.new_label, mover.new_final),
            signed(terminal.glyphs, mover.change, 1),
            Text(printable(mover.reason), "dim"),
        )
    return shown


def _scored(terminal: Terminal, scheme: Scheme, label: str, score: float | None) -> Text:
    return mark(terminal.glyphs, scheme, label).append("" if score is None else f" {score:.1f}")


def _print_assignments(terminal: Terminal, comparison: Comparison) -> None:
    ways = (
        ("would no longer have a card", comparison.newly_unassigned),
        ("would have a card for the first time", comparison.newly_assigned),
    )
    for what, ids in ways:
        if ids:
            more = terminal.glyphs.more if len(ids) > 10 else ""
            who = ", ".join(printable(one) for one in ids[:10])
            terminal.line(f"{counted(len(ids), comparison.entity_kind)} {what}: {who}{more}")
