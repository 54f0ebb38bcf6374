"""Bars from a zero baseline."""

from __future__ import annotations

import math

from rich.text import Text

from keepwell.cli.terminal.glyphs import Glyphs


def bar(glyphs: Glyphs, value: float | None, width: int, *, of: float = 100.0, style: str = "") -> Text:
    """`value` as a part of `of`, over `width` cells; the rest is a faint track. Empty for None."""
    if value is None or math.isnan(value) or of <= 0:
        return Text(" " * width)
    filled = cells(glyphs, value / of * width, width)
    return Text.assemble((filled, style), (glyphs.track * (width - len(filled)), "dim"))


def cells(glyphs: Glyphs, length: float, width: int) -> str:
    """A run of full cells and one partial one; whatever is above 0 shows."""
    parts = len(glyphs.eighths)
    units = min(round(max(length, 0.0) * parts), width * parts)
    if length > 0:
        units = max(units, 1)
    full, rest = divmod(units, parts)
    return glyphs.eighths[-1] * full + (glyphs.eighths[rest - 1] if rest else "")


def step(glyphs: Glyphs, start: float, end: float, width: int, *, of: float = 100.0, style: str = "") -> Text:
    """One step of a waterfall: from `start` to `end`, blank before it. A step that is not 0 takes a cell at least."""
    low, high = sorted((start, end))
    first = min(round(low / of * width), width - 1)
    last = min(max(round(high / of * width), first + (high > low)), width)
    return Text.assemble(" " * first, (glyphs.eighths[-1] * (last - first), style), " " * (width - last))


def stack(glyphs: Glyphs, parts: list[tuple[float, str]], width: int) -> Text:
    """Parts of a whole side by side, each with its style, rounded so that they fill `width`."""
    total = sum(part for part, _ in parts)
    text, done, drawn = Text(), 0.0, 0
    for part, style in parts:
        done += part
        upto = round(done / total * width) if total > 0 else 0
        text.append(glyphs.eighths[-1] * (upto - drawn), style)
        drawn = upto
    return text
