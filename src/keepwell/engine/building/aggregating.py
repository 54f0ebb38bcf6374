"""Aggregates of metrics at moments: what a collector asks for, and the plain way to answer, from all facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.aggregates import foldable_on
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import AS_OF, Grid
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import DatasetPlan, plan_metrics
from keepwell.engine.moments import Moment, end_of_day

Answers = Iterator[tuple[Moment, pa.Table]]
"""Tables as `Lowering` describes them: one row an entity, a column a metric. Several may come for one moment."""


class Aggregates(Protocol):
    """A way to come to aggregates."""

    def tables(
        self, entity_kind: EntityKind, metrics: Mapping[str, AggregateMetric], moments: tuple[Moment, ...]
    ) -> Answers:
        """Every metric at every moment, for entities of one kind."""


@dataclass(frozen=True)
class FullAggregates:
    """From all facts, with one pass over each dataset for all moments."""

    project: Project
    source: FactSource

    def tables(
        self, entity_kind: EntityKind, metrics: Mapping[str, AggregateMetric], moments: tuple[Moment, ...]
    ) -> Answers:
        for plan in plan_metrics(metrics, entity_kind, foldable=foldable_on(self.source.dialect)):
            yield from self._of_plan(plan, moments)

    def _of_plan(self, plan: DatasetPlan, moments: tuple[Moment, ...]) -> Answers:
        reader = FactReader(self.project, self.source.table, self.source.dialect)
        same = {moment: effective(self.project, plan.dataset, moment) for moment in moments}
        grid = Grid(tuple(sorted(set(same.values()))))
        for expression in Lowering(reader, grid).tables(plan):
            by_moment = dict(split(self.source.run(expression), grid.moments))
            yield from ((moment, by_moment[same[moment]]) for moment in moments)


def effective(project: Project, dataset: str, moment: Moment) -> Moment:
    """Where rows are known as soon as they happen, moments that differ only in what was known are the same."""
    definition = project.datasets[dataset]
    end = end_of_day(moment.as_of, project.settings.time_zone)
    waits = definition.recorded_at or definition.arrives_after or definition.changed_at
    return moment if waits or moment.known_at < end else Moment(moment.as_of, end)


def split(table: pa.Table, moments: tuple[Moment, ...]) -> Iterator[tuple[Moment, pa.Table]]:
    """The rows of each moment, without the column that told them apart."""
    if len(moments) == 1:
        yield moments[0], table
        return
    days = table[AS_OF].to_numpy()
    order = np.argsort(days, kind="stable")
    ordered, days = table.drop_columns([AS_OF]).take(pa.array(order)), days[order]
    for moment in moments:
        first, last = np.searchsorted(
            days, [np.datetime64(moment.as_of), np.datetime64(moment.as_of + timedelta(days=1))]
        )
        yield moment, ordered.slice(first, last - first)
