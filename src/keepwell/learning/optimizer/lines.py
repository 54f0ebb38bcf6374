"""Lines: the measures a card has, and the metrics it might have as measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa

from keepwell.definitions.measures import Measure, Percentile
from keepwell.definitions.scorecards import Scorecard
from keepwell.engine.columns import Column
from keepwell.learning.observations import Observations
from keepwell.learning.optimizer.limits import Limits
from keepwell.learning.outcomes import Floats
from keepwell.learning.samples import Sample, Scored

Kind = Literal["number", "word", "scored"]
"""number, word: a value that becomes a score by thresholds or levels, which are learned. scored: a score that is taken
as it is (people enter it, or it compares with peers), so that only its weight is learned."""

MOST_WORDS = 20
"""A text of more different values than this names things instead of kinds of them."""


@dataclass(frozen=True)
class Line:
    """One measure of the card, or (without `measure`) a metric that may become one.

    `values`: [n] the metric, or the current scores of a line that is taken as scored (nulls are nulls).
    """

    name: str
    kind: Kind
    values: Column
    metric: str | None = None
    group: str | None = None
    measure: Measure | None = None
    is_fixed: bool = False

    @property
    def is_addition(self) -> bool:
        return self.measure is None

    def take(self, rows: object) -> Column:
        return self.values.take(pa.array(rows))


@dataclass(frozen=True)
class Material:
    """All that a proposal for one card is made from: n observations of its accounts, and its lines.

    `aside`: measures and metrics that can be no line, each with the reason in words.
    """

    scorecard: str
    card: Scorecard
    observations: Observations
    lines: tuple[Line, ...]
    aside: Mapping[str, str]

    def __len__(self) -> int:
        return len(self.observations)


def material_of(scorecard: str, card: Scorecard, sample: Sample, scored: Scored, limits: Limits) -> Material:
    """`sample` and `scored` hold the same n observations, those of the card's accounts."""
    gathering = _Gathering(scorecard, card, sample, scored, limits)
    gathering.measures()
    gathering.additions()
    return Material(scorecard, card, sample.observations, tuple(gathering.lines), gathering.aside)


class _Gathering:
    def __init__(self, scorecard: str, card: Scorecard, sample: Sample, scored: Scored, limits: Limits) -> None:
        self._scorecard = scorecard
        self._card = card
        self._sample = sample
        self._scored = scored
        self._limits = limits
        self.lines: list[Line] = []
        self.aside: dict[str, str] = {}

    def measures(self) -> None:
        for group_name, group in self._card.groups.items():
            for name, measure in group.measures.items():
                if name in self._limits.leave_out or (measure.metric or name) in self._limits.leave_out:
                    self.aside[name] = "left out by the limits"
                else:
                    self._measure(name, measure, group_name)

    def additions(self) -> None:
        used = {line.metric for line in self.lines} | {
            measure.metric or n for n, measure in self._card.measures.items()
        }
        taken = set(self._card.measures)
        allowed = self._limits.additions
        for name in self._sample.metrics.column_names:
            may = allowed if isinstance(allowed, bool) else name in allowed
            if name in used or name in taken or not may or name in self._limits.leave_out:
                continue
            column = self._sample.metrics[name]
            kind = _kind(column)
            reason = _unusable(column)
            if kind is None or reason:
                self.aside[name] = reason or "dates are no measure by themselves; a formula with as_of makes one"
            else:
                self.lines.append(Line(name, kind, column, metric=name))

    def _measure(self, name: str, measure: Measure, group: str) -> None:
        fixed = name in self._limits.fixed
        metric = measure.metric or name if measure.reads_metric else None
        scores = self._current(name)
        only_metric = measure.source_order == ("metric",) and not isinstance(measure.score, Percentile)
        if not fixed and only_metric and metric in self._sample.metrics.column_names:
            column = self._sample.metrics[metric]
            kind = _kind(column)
            if kind is not None:
                self._line(Line(name, kind, column, metric, group, measure), _unusable(column))
                return
        column = pa.chunked_array([pa.array(scores, pa.float64(), mask=np.isnan(scores))])
        self._line(Line(name, "scored", column, metric, group, measure, fixed), None if fixed else _unusable(column))

    def _line(self, line: Line, reason: str | None) -> None:
        if reason:
            self.aside[line.name] = reason
        else:
            self.lines.append(line)

    def _current(self, name: str) -> Floats:
        scores = self._scored.measure_scores
        assert scores is not None
        return scores[self._scorecard, name]


def _kind(column: Column) -> Kind | None:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_boolean(kind) or pa.types.is_string(kind):
        return "word"
    is_number = pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind)
    return "number" if is_number else None


def _unusable(column: Column) -> str | None:
    """Why nothing can be learned from a column; None where something can."""
    known = column.drop_null()
    if len(known) == 0:
        return "empty: it has no value in any observation"
    different = len(known.unique())
    if different == 1:
        return "constant: it has the same value in every observation"
    if _kind(column) == "word" and different > MOST_WORDS:
        return f"{different:,} different texts name things instead of kinds of them"
    return None
