"""Samples: observations with everything that was known of them, taken from the values of their dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.schemes import Scheme
from keepwell.definitions.scorecards import Scorecard
from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags, Floats


@dataclass(frozen=True)
class Sample:
    """Observations whose account was in the population at its date, with the metrics and segments of that date.

    `metrics`: [n rows] every metric of the (honest) project that does not rest on scores, typed as in
    `engine.values.EntityValues`; nulls are nulls. `segments`: by name, [n] whether the account was in it.
    """

    observations: Observations
    metrics: pa.Table
    segments: Mapping[str, Flags]

    def __len__(self) -> int:
        return len(self.observations)


@dataclass(frozen=True)
class Spread:
    """How the scores of one measure are spread over the observations of its card."""

    observations: int
    scored: int  # of these have a score
    lowest: float  # NaN without any
    highest: float

    def with_more(self, scores: Floats) -> Spread:
        """`scores`: of further observations, NaN for none."""
        known = scores[~np.isnan(scores)]
        return Spread(
            self.observations + len(scores),
            self.scored + len(known),
            float(np.fmin(self.lowest, known.min(initial=np.inf))) if len(known) else self.lowest,
            float(np.fmax(self.highest, known.max(initial=-np.inf))) if len(known) else self.highest,
        )


@dataclass(frozen=True)
class Scored:
    """What one set of cards says of n observations. NaN is null.

    `measure_scores` is None unless asked for: [n] for each measure by the name of its card and its own name, after
    when_stale and when_missing, NaN also for accounts of other cards.
    """

    cards: tuple[str, ...]
    card: npt.NDArray[np.int16]  # [n] index into `cards`; -1: no card, or not in the population at its date
    computed: Floats  # [n] before overrides
    final: Floats  # [n] after them
    band: npt.NDArray[np.int16]  # [n] of the final score: index into its card's scheme from the worst; -1: no label
    definitions: Mapping[str, Scorecard]
    schemes: Mapping[str, Scheme]  # the scheme of each card, by the card's name
    spread: Mapping[tuple[str, str], Spread]  # by card and measure
    measure_scores: Mapping[tuple[str, str], Floats] | None = None
