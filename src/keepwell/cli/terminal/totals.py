"""Totals by band: how many, how much revenue, and how that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from rich.text import Text

from keepwell.cli.portfolio.entities import is_scored
from keepwell.cli.portfolio.totals import BandTotal
from keepwell.cli.terminal.bands import band_of_label, color, mark
from keepwell.cli.terminal.bars import bar, stack
from keepwell.cli.terminal.numbers import compact, percent, signed
from keepwell.cli.terminal.tables import Table, number, words
from keepwell.cli.terminal.terminal import Terminal
from keepwell.definitions.schemes import UNKNOWN


def print_totals(
    terminal: Terminal,
    totals: Sequence[BandTotal],
    noun: str,
    before: Mapping[str, int] | None = None,
    lines: Mapping[str, Text] | None = None,
    since: str = "",
) -> None:
    """One row a band. `before`: how many there were `since`; `lines`: a sparkline each, by label."""
    count, arr = sum(total.count for total in totals), float(np.nansum([total.arr for total in totals]))
    columns = [words(), number(noun), number("share"), words()]
    columns += [number(since)] if before is not None else []
    columns += [number("ARR"), number("share"), words()] if arr > 0 else []
    shown = Table(*columns, *([words("share over time")] if lines else []))
    for total in totals:
        shown.add(*_cells(terminal, total, count, arr, before, lines))
    shown.print(terminal)


def _cells(
    terminal: Terminal,
    total: BandTotal,
    count: int,
    arr: float,
    before: Mapping[str, int] | None,
    lines: Mapping[str, Text] | None,
) -> list[Text | str]:
    glyphs, style = terminal.glyphs, color(total.scheme, band_of_label(total.scheme, total.label))
    width = 24 if terminal.is_roomy else 16
    cells: list[Text | str] = [_mark(terminal, total), f"{total.count:,}", percent(total.count / count if count else 0)]
    cells.append(bar(glyphs, total.count, width, of=max(count, 1), style=style))
    if before is not None:
        cells.append(signed(glyphs, total.count - before.get(total.label, 0)))
    if arr > 0:
        share = np.nan_to_num(total.arr) / arr
        cells += [compact(total.arr), percent(share), bar(glyphs, share, width // 2, of=1.0, style=style)]
    if lines:
        cells.append(lines.get(total.label, Text()))
    return cells


def _mark(terminal: Terminal, total: BandTotal) -> Text:
    if total.label in total.scheme.labels or total.label == UNKNOWN:
        return mark(terminal.glyphs, total.scheme, total.label)
    return Text(f"{terminal.glyphs.plain} {total.label or 'scored'}", "dim")


def stacked(terminal: Terminal, totals: Sequence[BandTotal], width: int) -> Text:
    """All bands side by side as one bar."""
    parts = [
        (
            float(total.count),
            color(total.scheme, band_of_label(total.scheme, total.label)) if is_scored(total.label) else "dim",
        )
        for total in totals
    ]
    return stack(terminal.glyphs, parts, width)
