"""Curves as they are kept: the chance of loss at every half point of the score, for everybody and by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.learning.calibration.chances import Chances, rows_of
from keepwell.learning.outcomes import Floats

SCORES = np.arange(0.0, 100.5, 0.5)
_PLACES = 6


@dataclass(frozen=True)
class Lookup:
    """`overall`: [201] chances at `SCORES`; `by_segment`: of segments with a curve of their own."""

    overall: Floats
    by_segment: Mapping[str, Floats]

    def of(self, segment: str | None) -> Floats:
        """[201] the curve of a segment; that of everybody where it has none."""
        return self.by_segment.get(segment or "", self.overall)

    def chance(self, score: Floats, segment: pa.StringArray) -> Floats:
        """[n] by the curve of each one's segment (null: none); NaN without a score."""
        found = np.full(len(score), np.nan)
        for name, rows in rows_of(segment).items():
            found[rows] = np.interp(score[rows], SCORES, self.of(name))
        return found

    def to_json(self) -> dict[str, Any]:
        return {"overall": _short(self.overall), "by_segment": {k: _short(v) for k, v in self.by_segment.items()}}


def lookup(learned: Chances) -> Lookup:
    """The curves of `learned`, without what is not known about them."""
    own = {name: curve.chance(SCORES) for name, curve in learned.by_segment.items()}
    return Lookup(learned.overall.chance(SCORES), own)


def lookup_of(kept: Mapping[str, Any]) -> Lookup:
    """What `Lookup.to_json` wrote."""
    own = {name: np.array(one, np.float64) for name, one in kept["by_segment"].items()}
    return Lookup(np.array(kept["overall"], np.float64), own)


def first_segment(truths: Mapping[str, np.ndarray], names: Sequence[str], size: int) -> pa.StringArray:
    """[size] the first of `names` that each is in, null for none: a curve by segment counts everybody once."""
    found = np.full(size, None, object)
    for name in reversed(names):
        if name in truths:
            found[truths[name]] = name
    return pa.array(found, pa.string())


def _short(curve: Floats) -> list[float]:
    return [round(float(one), _PLACES) for one in curve]
