"""What the measures of a card go by: metrics through their shapes, beside entered scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.definitions.measures import Measure, Percentile, ScoreFormula
from keepwell.engine.columns import numbers
from keepwell.engine.entities import Entities, Rows
from keepwell.engine.evaluate import Evaluator
from keepwell.engine.percentiles import Percentiles
from keepwell.engine.scoring.shapes import clamp, shape_scores
from keepwell.engine.scoring.sources import SOURCES, Candidate, arbitrate, metric_candidate
from keepwell.engine.scoring.validity import NOT_A_DATE, Dates, Floats, Observation, past

_METRIC = SOURCES.index("metric")


@dataclass(frozen=True)
class Observer:
    """Observes measures of the entities at `rows`, which are all of them or some."""

    entities: Entities
    percentiles: Percentiles
    rows: Rows

    def observe(self, name: str, measure: Measure, out: Floats) -> Observation:
        """One observation for each row. Scores that come from the metric alone are written to `out`, which may be
        returned.
        """
        if measure.source_order == ("metric",):
            return self._metric(name, measure, out)
        candidates = [one for source in measure.source_order if (one := self._candidate(source, name, measure, out))]
        return arbitrate(candidates, measure.arbitration, len(self.rows))

    def _candidate(self, source: str, name: str, measure: Measure, out: Floats) -> Candidate | None:
        if source == "metric":
            observation = self._metric(name, measure, out)
            return metric_candidate(observation.scores, observation.days, observation.stale)
        entries = self.entities.entries(name, source)
        as_of = self.entities.as_of
        return None if entries is None else entries.candidate(source, self.rows, measure.valid_for, as_of)

    def _metric(self, name: str, measure: Measure, out: Floats) -> Observation:
        metric = measure.metric or name
        scores = self._scores(name, measure, out)
        days = self._days(metric)
        if metric in self.entities.silent:
            since = self.entities.silent[metric]
            seen = np.fmin(days, np.datetime64(since, "D")) if since else NOT_A_DATE
            return Observation(scores, seen, True, _METRIC)
        return Observation(scores, days, past(days, measure.valid_for, self.entities.as_of), _METRIC)

    def _days(self, metric: str) -> Dates | np.datetime64:
        observed = self.entities.observed.get(metric, self.entities.as_of)
        if not isinstance(observed, np.ndarray):
            return np.datetime64(observed, "D")
        return observed.astype("datetime64[D]")[self.rows]

    def _scores(self, name: str, measure: Measure, out: Floats) -> Floats:
        column = self.entities.metric(measure.metric or name)
        if column is None:
            return np.full(len(self.rows), np.nan)
        shape = measure.score
        if isinstance(shape, Percentile):
            return self.percentiles.scores(measure.metric or name, shape.percentile)[self.rows]
        column = column if len(self.rows) == len(self.entities) else column.take(pa.array(self.rows))
        if isinstance(shape, ScoreFormula):
            return self._formula(name, shape, column)
        assert shape is not None  # a measure that reads a metric has a shape
        return shape_scores(shape, column, out)

    def _formula(self, name: str, shape: ScoreFormula, column: pa.Array) -> Floats:
        evaluator = Evaluator(self.entities.project, {"value": column}.get, len(column), self.entities.as_of)
        evaluated = evaluator.evaluate({name: shape.formula})
        self.entities.fault(f"the score of measure '{name}'", evaluated.faults.get(name, 0))
        return clamp(numbers(evaluated.columns[name]).copy())
