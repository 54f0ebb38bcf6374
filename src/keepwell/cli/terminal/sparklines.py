"""Sparklines: a score over time in one line, with gaps where there was none."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from rich.text import Text

from keepwell.cli.terminal.glyphs import Glyphs


def sparkline(
    glyphs: Glyphs, values: Sequence[float], width: int, style: Callable[[float], str], *, top: float = 100.0
) -> Text:
    """`values` from 0 to `top` (NaN: a gap) over at most `width` cells, each cell the last of its values.

    The last cell is the last value; the baseline is 0, so that two lines compare.
    """
    text = Text()
    for value in _cells(values, width):
        if math.isnan(value):
            text.append(" ")
        else:
            level = min(int(value / top * len(glyphs.levels)), len(glyphs.levels) - 1)
            text.append(glyphs.levels[max(level, 0)], style(value))
    return text


def _cells(values: Sequence[float], width: int) -> list[float]:
    if len(values) <= width:
        return list(values)
    each = len(values) / width
    return [values[math.ceil((index + 1) * each) - 1] for index in range(width)]
