"""Aggregates of metrics as they are read, counted for those who wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor

import pyarrow as pa

from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import FullAggregates, Question
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import Moment

Told = Callable[[int, int, str], None]
"""How many metrics were read, of how many, and those that came last."""


class WatchedAggregates:
    """`FullAggregates` that says after each answer how far it is. A metric of accounts and units counts twice."""

    def __init__(self, project: Project, source: FactSource, total: int, told: Told) -> None:
        self._inner, self._total, self._told = FullAggregates(project, source), total, told
        self._seen: set[tuple[EntityKind, str]] = set()

    def tables(self, asked: Question, beside: Executor | None = None) -> Iterator[tuple[Moment, pa.Table]]:
        for moment, table in self._inner.tables(asked, beside):
            came = [name for name in asked.metrics if name in table.column_names]
            self._seen |= {(asked.entity_kind, name) for name in came}
            self._told(min(len(self._seen), self._total), self._total, ", ".join(came))
            yield moment, table
