"""Bands: their marks and colours. A shape and the label always stand beside the colour."""

from __future__ import annotations

import math
from collections.abc import Callable

from rich.text import Text

from keepwell.cli.terminal.glyphs import Glyphs
from keepwell.cli.terminal.wording import cut, printable
from keepwell.definitions.schemes import UNKNOWN, Scheme

_RAMP = ("#c8453b", "#d9a514", "#3c8d40")


def band_at(scheme: Scheme, score: float | None) -> int | None:
    """The index of the band of a score; None for null and in a scheme without bands."""
    if score is None or math.isnan(score) or not scheme.bands:
        return None
    return next(index for index, band in enumerate(scheme.bands) if score <= band.up_to or band is scheme.bands[-1])


def band_of_label(scheme: Scheme, label: str) -> int | None:
    return scheme.labels.index(label) if label in scheme.labels else None


def shape(glyphs: Glyphs, scheme: Scheme, index: int | None) -> str:
    """Down for the worst band, a disc for the best, a diamond between."""
    if index is None:
        return glyphs.plain
    return glyphs.worst if index == 0 else glyphs.best if index == len(scheme.bands) - 1 else glyphs.between


def color(scheme: Scheme, index: int | None) -> str:
    """The band's own colour, else red to green by its place. Empty without a band."""
    if index is None:
        return ""
    own = scheme.bands[index].color
    place = index * (len(_RAMP) - 1) / max(len(scheme.bands) - 1, 1)
    return own or _RAMP[round(place)]


def mark(glyphs: Glyphs, scheme: Scheme, label: str, width: int = 0) -> Text:
    """Shape and label in the band's colour: what stands for health everywhere."""
    if label == UNKNOWN:
        return Text(f"{glyphs.unknown} {UNKNOWN}".ljust(width), "dim")
    index = band_of_label(scheme, label)
    return Text(f"{shape(glyphs, scheme, index)} {cut(printable(label), 16)}".ljust(width), color(scheme, index))


def colored(scheme: Scheme) -> Callable[[float], str]:
    """The style of a score."""
    return lambda score: color(scheme, band_at(scheme, score))
