"""Chances of loss from scores, for everybody and by segment, each with what is not known about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from keepwell.learning.figures.bootstrap import interval
from keepwell.learning.figures.figure import Numbers, numbers
from keepwell.learning.figures.probabilities import Calibration, Method, calibrated
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats
from keepwell.learning.plain import plain

FEWEST = 30
"""Accounts that left, and that stayed, which a segment needs for a curve of its own; all together need a third."""
_FEWEST_OF_ALL = 10
_MANY = 300
"""With so many losses the curve may take any falling shape; with fewer it is a straight line of the log odds."""
DRAWS = 200
_SURELY = 0.975
NO_FALL = "losses do not become rarer as scores rise, so a score says nothing of who leaves"
_STEP = 0.5  # of a point: scores this close share a knot of a free curve


@dataclass(frozen=True)
class Curve:
    """From score to chance of loss. `draws`: what it could have been as well, from accounts drawn anew."""

    calibration: Calibration
    draws: tuple[Calibration, ...]
    numbers: Numbers

    def chance(self, score: Floats) -> Floats:
        """[n] chances; NaN where the score is."""
        return _through(self.calibration, score)

    @property
    def falls(self) -> bool:
        """The better the score, the rarer a loss; otherwise a score says nothing of who leaves, or the contrary."""
        worst, best = self.calibration.chance(np.array([0.0, 100.0]))
        return bool(worst > best)

    @property
    def surely_falls(self) -> bool:
        """So it does in all but one in forty draws."""
        worst, best = self.drawn(np.array([0.0, 100.0])).T
        return len(self.draws) > 0 and float((worst > best).mean()) >= _SURELY

    def drawn(self, score: Floats) -> Floats:
        """[draws, n] chances of every draw."""
        return np.stack([_through(one, score) for one in self.draws])


@dataclass(frozen=True)
class Chances:
    """`by_segment`: those with a curve of their own; `pooled`: why others use that of all together."""

    overall: Curve
    by_segment: Mapping[str, Curve]
    pooled: Mapping[str, str]

    @property
    def method(self) -> Method:
        """Of the curve of all together; a segment with fewer losses may have a straight line."""
        return self.overall.calibration.method

    def of(self, segment: str | None) -> Curve:
        return self.by_segment.get(segment or "", self.overall)

    def table(self, score: Floats, segment: pa.StringArray) -> pa.Table:
        """`chance`, `low`, `high` [n]: by the curve of each account's segment; null without a score."""
        found = np.full((3, len(score)), np.nan)
        for name, rows in rows_of(segment).items():
            curve, own = self.of(name), score[rows]
            found[0, rows] = curve.chance(own)
            found[1:, rows] = np.quantile(curve.drawn(own), (0.025, 0.975), axis=0)
        names = ("chance", "low", "high")
        return pa.table({name: pa.array(row, from_pandas=True) for name, row in zip(names, found, strict=True)})

    def to_json(self) -> dict[str, Any]:
        """Curves at every tenth score, with intervals."""
        score = np.arange(0.0, 101.0, 10.0)
        curves = {"": self.overall, **self.by_segment}
        return {
            "curves": [
                {
                    "segment": name or None,
                    "method": one.calibration.method,
                    "numbers": plain(one.numbers),
                    "points": _points(one, score),
                }
                for name, one in curves.items()
            ],
            "pooled": dict(self.pooled),
        }


def chances(
    score: Floats, lost: Flags, codes: Codes, segment: pa.StringArray, *, seed: int = 0, draws: int = DRAWS
) -> Chances | str:
    """Learned from observations ([n] each): the score then, whether the account was lost, the account as a number from
    0 on, and its segment (null: none).

    A straight line of the log odds (Platt 1999), or with many losses any curve that never rises with the score
    (isotonic; Zadrozny and Elkan 2002). Accounts are drawn anew for what is not known (Efron 1979). Where nothing can
    be learned the answer is the reason in words.
    """
    known = ~np.isnan(score)
    score, lost, codes, segment = score[known], lost[known], codes[known], segment.filter(pa.array(known))
    told = numbers(codes, lost)
    if reason := _too_few(told, _FEWEST_OF_ALL):
        return reason
    own: dict[str, Curve] = {}
    pooled: dict[str, str] = {}
    for at, (name, rows) in enumerate(rows_of(segment).items(), start=1):
        if name is None:
            continue
        if reason := _too_few(numbers(codes[rows], lost[rows]), FEWEST):
            pooled[name] = f"{reason}; the curve of all together is used"
        else:
            own[name] = _curve(score[rows], lost[rows], codes[rows], np.random.default_rng((seed, 2, at)), draws)
            if not own[name].falls:
                del own[name]
                pooled[name] = f"in it {NO_FALL}; the curve of all together is used"
    overall = _curve(score, lost, codes, np.random.default_rng((seed, 2, 0)), draws)
    return Chances(overall, own, pooled) if overall.falls else NO_FALL


def rows_of(segment: pa.StringArray) -> dict[str | None, Codes]:
    """Positions by name, None for null, in order of name."""
    encoded = segment.dictionary_encode(null_encoding="encode")
    index = np.asarray(encoded.indices)
    found = {name: np.flatnonzero(index == at) for at, name in enumerate(encoded.dictionary.to_pylist())}
    return dict(sorted(found.items(), key=lambda pair: pair[0] or ""))


def _curve(score: Floats, lost: Flags, codes: Codes, random: np.random.Generator, draws: int) -> Curve:
    told = numbers(codes, lost)
    method: Method = "isotonic" if min(told.accounts_lost, told.accounts - told.accounts_lost) >= _MANY else "logistic"
    accounts, place = np.unique(codes, return_inverse=True)
    rounded = np.round(score / _STEP) * _STEP if method == "isotonic" else score
    drawn = []
    for _ in range(draws):
        counts = np.bincount(random.integers(0, len(accounts), len(accounts)), minlength=len(accounts))[place]
        rows = np.repeat(np.arange(len(score)), counts)
        if 0 < lost[rows].sum() < len(rows):
            drawn.append(calibrated(rounded[rows], lost[rows], method))
    return Curve(calibrated(rounded, lost, method), tuple(drawn), told)


def _through(curve: Calibration, score: Floats) -> Floats:
    known = ~np.isnan(score)
    found = np.full(len(score), np.nan)
    found[known] = curve.chance(score[known])
    return found


def _too_few(told: Numbers, fewest: int) -> str | None:
    kept = told.accounts - told.accounts_lost
    if told.accounts_lost < fewest:
        return f"{told.accounts_lost:,} accounts left, and {fewest} are the least to learn a chance from"
    if kept < fewest:
        return f"{kept:,} accounts stayed, and {fewest} are the least to learn a chance from"
    return None


def _points(curve: Curve, score: Floats) -> list[dict[str, float | None]]:
    drawn = curve.drawn(score)
    found = []
    for at, (one, chance) in enumerate(zip(score, curve.chance(score), strict=True)):
        low, high = interval(drawn[:, at]) or (None, None)
        found.append({"score": float(one), "chance": float(chance), "low": low, "high": high})
    return found
