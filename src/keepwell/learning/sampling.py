"""Makes samples: the metrics and segments of every observation, gathered date by date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.engine.evaluate import Evaluator
from keepwell.engine.values import EntityValues, Values
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.outcomes import Flags
from keepwell.learning.samples import Sample
from keepwell.learning.scoring import ABSENT, Places


class Sampling:
    """Gathers a sample from the values of one date after another; observations that are not there are left out."""

    def __init__(self, project: Project, observations: Observations, *, metrics: bool = True) -> None:
        self._project = project
        self._observations = observations
        self._places = Places(observations.account, observations.as_of)
        self._with_metrics = metrics
        self._rows: list[Codes] = []
        self._metrics: list[pa.Table] = []
        self._segments: list[Mapping[str, Flags]] = []

    def add(self, values: Values) -> None:
        here, rows = self._places.at(values)
        there = rows != ABSENT
        if not there.any():
            return
        taken = pa.array(rows[there])
        self._rows.append(here[there])
        if self._with_metrics:
            self._metrics.append(values.accounts.metrics.take(taken))
        self._segments.append({name: truth[rows[there]] for name, truth in segments_of(self._project, values).items()})

    def sample(self) -> Sample:
        rows = np.concatenate([np.array([], np.int64), *self._rows])
        order = np.argsort(rows, kind="stable")
        metrics = pa.concat_tables(self._metrics, promote_options="permissive") if self._metrics else pa.table({})
        segments = {
            name: np.concatenate([part[name] for part in self._segments])[order] for name in self._project.segments
        }
        taken = metrics.take(pa.array(order)) if metrics.num_columns else metrics
        return Sample(self._observations.take(rows[order]), taken, segments)


def sample_of(project: Project, values: Iterable[Values], observations: Observations) -> Sample:
    """The sample of these observations from values that come date by date."""
    sampling = Sampling(project, observations)
    for one in values:
        sampling.add(one)
    return sampling.sample()


def segments_of(project: Project, values: Values) -> Mapping[str, Flags]:
    """Of all accounts of one date, by segment: [n] whether they are in it. Segments never rest on scores."""
    entities = values.accounts
    if not project.segments:
        return {}
    evaluator = Evaluator(project, lambda name: _column(entities, name), len(entities), values.as_of)
    evaluated = evaluator.evaluate(dict(project.segments), "segment '{}'")
    return {name: evaluated.truth(name) for name in project.segments}


def _column(entities: EntityValues, name: str) -> pa.ChunkedArray | None:
    table = next((one for one in (entities.metrics, entities.attributes) if name in one.column_names), None)
    return None if table is None else table[name]
