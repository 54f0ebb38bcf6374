"""Curves as they are kept: the chance of loss at every half point of the score, for everybody and by segment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.learning.calibration.chances import Chances, rows_of
from keepwell.learning.calibration.drift import Behind
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Floats

SCORES = np.arange(0.0, 100.5, 0.5)
_PLACES = 6


@dataclass(frozen=True)
class Lookup:
    """`overall`: [201] chances at `SCORES`; `by_segment`: of segments with a curve of their own.

    `losses`: accounts lost that each curve was learned from, by segment; "" for everybody's; not told: its chances are
    taken as exact.
    """

    overall: Floats
    by_segment: Mapping[str, Floats]
    losses: Mapping[str, int] = field(default_factory=dict)

    def of(self, segment: str | None) -> Floats:
        """[201] the curve of a segment; that of everybody where it has none."""
        return self.by_segment.get(segment or "", self.overall)

    def chance(self, score: Floats, segment: pa.StringArray) -> Floats:
        """[n] by the curve of each one's segment (null: none); NaN without a score."""
        found = np.full(len(score), np.nan)
        for name, rows in rows_of(segment).items():
            found[rows] = np.interp(score[rows], SCORES, self.of(name))
        return found

    def behind(self, account: Codes, segment: pa.StringArray) -> Behind:
        """What the chances of [n] observations rest on; `account`: whose each is, as a number."""
        names, curve = ["", *self.by_segment], np.zeros(len(account), np.int64)
        for name, rows in rows_of(segment).items():
            curve[rows] = names.index(name or "") if (name or "") in names else 0
        losses = np.array([self.losses.get(name, np.inf) for name in names], np.float64)
        return Behind(account, curve, losses)

    def to_json(self) -> dict[str, Any]:
        own = {name: _short(curve) for name, curve in self.by_segment.items()}
        return {"overall": _short(self.overall), "by_segment": own, "losses": dict(self.losses)}


def lookup(learned: Chances) -> Lookup:
    """The curves of `learned`, without what is not known about them."""
    own = {name: curve.chance(SCORES) for name, curve in learned.by_segment.items()}
    losses = {name: one.numbers.accounts_lost for name, one in {"": learned.overall, **learned.by_segment}.items()}
    return Lookup(learned.overall.chance(SCORES), own, losses)


def lookup_of(kept: Mapping[str, Any]) -> Lookup:
    """What `Lookup.to_json` wrote."""
    own = {name: np.array(one, np.float64) for name, one in kept["by_segment"].items()}
    return Lookup(np.array(kept["overall"], np.float64), own, kept.get("losses", {}))


def first_segment(truths: Mapping[str, np.ndarray], names: Sequence[str], size: int) -> pa.StringArray:
    """[size] the first of `names` that each is in, null for none: a curve by segment counts everybody once."""
    found = np.full(size, None, object)
    for name in reversed(names):
        if name in truths:
            found[truths[name]] = name
    return pa.array(found, pa.string())


def _short(curve: Floats) -> list[float]:
    return [round(float(one), _PLACES) for one in curve]
