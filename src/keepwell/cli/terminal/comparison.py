"""What a draft would move: bands before and after, and everybody who changes band."""

from __future__ import annotations

from collections.abc import Mapping

from rich.text import Text

from keepwell.cli.terminal.bands import band_of_label, color, mark
from keepwell.cli.terminal.bars import bar
from keepwell.cli.terminal.numbers import compact, signed
from keepwell.cli.terminal.tables import Table, number, rest, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.cli.terminal.wording import counted, printable
from keepwell.definitions.schemes import Scheme
from keepwell.engine.explain import Comparison

_BAR = 24


def print_comparison(
    terminal: Terminal,
    comparison: Comparison,
    scheme: Scheme,
    names: Mapping[str, str],
    arr: Mapping[str, float],
    limit: int,
) -> None:
    """`names` and `arr` by id, where they are known; at most `limit` movers (0: all)."""
    total = len(comparison.entities)
    noun = comparison.entity_kind
    terminal.line(Text(_answer(comparison, total, noun), "bold"))
    terminal.line(
        f"{counted(comparison.changed, noun)} of {total:,} change score; {comparison.new_card:,} get another card.",
        "dim",
    )
    terminal.line()
    _bands(terminal, comparison, scheme, max(total, 1)).print(terminal)
    for note in comparison.notes:
        terminal.line(printable(note), style="dim")
    _print_assignments(terminal, comparison)
    if comparison.movers:
        terminal.heading(f"{noun.capitalize()}s that move")
        _movers(terminal, comparison, scheme, names, arr, limit).print(terminal)
        left = len(comparison.movers) - limit if limit else 0
        if left > 0:
            terminal.line(f"and {left:,} more; --top 0 shows all of them", style="dim")


def _answer(comparison: Comparison, total: int, noun: str) -> str:
    if not comparison.movers:
        return f"Nobody moves band: the draft leaves all {counted(total, noun)} where they are."
    other = f", {comparison.other} to or from no score" if comparison.other else ""
    movers = f"{counted(len(comparison.movers), noun)} of {total:,}"
    return f"{movers} move band: {comparison.up} up, {comparison.down} down{other}."


def _bands(terminal: Terminal, comparison: Comparison, scheme: Scheme, total: int) -> Table:
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
    terminal: Terminal,
    comparison: Comparison,
    scheme: Scheme,
    names: Mapping[str, str],
    arr: Mapping[str, float],
    limit: int,
) -> Table:
    shown = Table(
        words(comparison.entity_kind, 26),
        number("ARR"),
        words("now"),
        words(""),
        words("draft"),
        number("points"),
        rest("why"),
    )
    for mover in comparison.movers[: limit or None]:
        shown.add(
            printable(names.get(mover.entity_id, mover.entity_id)),
            compact(arr.get(mover.entity_id)),
            _scored(terminal, scheme, mover.old_label, mover.old_final),
            mover.direction if mover.direction != "other" else "to",
            _scored(terminal, scheme, mover.new_label, mover.new_final),
            signed(terminal.glyphs, mover.change, 1),
            Text(printable(mover.reason), "dim"),
        )
    return shown


def _scored(terminal: Terminal, scheme: Scheme, label: str, score: float | None) -> Text:
    return mark(terminal.glyphs, scheme, label).append("" if score is None else f" {score:.1f}")


def _print_assignments(terminal: Terminal, comparison: Comparison) -> None:
    for what, ids in (
        ("no longer have a card", comparison.newly_unassigned),
        ("have a card now", comparison.newly_assigned),
    ):
        if ids:
            more = terminal.glyphs.more if len(ids) > 10 else ""
            terminal.line(
                f"{counted(len(ids), comparison.entity_kind)} {what}: {', '.join(map(printable, ids[:10]))}{more}"
            )
