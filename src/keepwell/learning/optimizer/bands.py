"""Bands of a proposal: drawn so that each holds about as many accounts as it does now.

A new card has a scale of its own. Left where they are, the edges would move nearly everybody, and say nothing of who
became better or worse.
"""

from __future__ import annotations

import numpy as np

from keepwell.definitions.schemes import Scheme
from keepwell.learning.outcomes import Floats


def redrawn(scheme: Scheme, old: Floats, new: Floats) -> Scheme:
    """`old` and `new`: [n] computed scores of the same accounts, NaN for null. Edges are whole numbers.

    A scheme without bands stays as it is.
    """
    both = ~np.isnan(old) & ~np.isnan(new)
    if not scheme.bands or not both.any():
        return scheme
    below = [float((old[both] <= band.up_to).mean()) for band in scheme.bands[:-1]]
    edges = _apart([round(float(edge)) for edge in np.quantile(new[both], below)])
    drawn = [*(float(edge) for edge in edges), 100.0]
    bands = [band.model_copy(update={"up_to": edge}) for band, edge in zip(scheme.bands, drawn, strict=True)]
    return scheme.model_copy(update={"bands": tuple(bands)})


def _apart(edges: list[int]) -> list[int]:
    """Each at least 1 above the one before, with room for those after it below 100."""
    found: list[int] = []
    for place, edge in enumerate(edges):
        least = found[-1] + 1 if found else 1
        found.append(min(max(edge, least), 99 - (len(edges) - 1 - place)))
    return found
