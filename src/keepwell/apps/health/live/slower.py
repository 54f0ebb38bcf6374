"""Metrics that are read from all facts, at a slower beat: a round takes them as they were found last."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Aggregates, Answers
from keepwell.engine.moments import Moment

AT_LEAST, TIMES = 60.0, 20
_Key = tuple[EntityKind, tuple[date, ...], frozenset[str]]


@dataclass
class Slower:
    """What reading everything gave last, and when to read again. Seconds are of the process's own clock.

    Reading waits `at_least` so long, and so many `times` as long as it took. A round is `begun` with the way to read;
    then the engine asks for `tables`. `is_reading`: this round reads anew.
    """

    at_least: float = AT_LEAST
    times: float = TIMES
    is_reading: bool = True
    _kept: dict[_Key, list[tuple[date, pa.Table]]] = field(default_factory=dict)
    _began: float = 0.0
    _took: float = 0.0
    _full: Aggregates | None = None

    @property
    def is_due(self) -> bool:
        return time.monotonic() - self._began >= max(self.at_least, self.times * self._took)

    @property
    def is_used(self) -> bool:
        """Whether any metric is read this way."""
        return bool(self._kept)

    def begin(self, full: Aggregates, *, anew: bool) -> Aggregates:
        """The aggregates of a round; `anew`: whatever the time is."""
        self.is_reading = anew or self.is_due
        self._full = full
        if self.is_reading:
            self._kept.clear()
            self._began, self._took = time.monotonic(), 0.0
        return self

    def tables(
        self,
        entity_kind: EntityKind,
        metrics: Mapping[str, AggregateMetric],
        moments: tuple[Moment, ...],
        beside: Executor,
    ) -> Answers:
        """As they were found last for these dates; a later date is read at once."""
        key = (entity_kind, tuple(moment.as_of for moment in moments), frozenset(metrics))
        if metrics and key not in self._kept:
            self._kept[key] = list(self._read(entity_kind, metrics, moments, beside))
        of_day = {moment.as_of: moment for moment in moments}
        for day, table in self._kept.get(key, ()):
            yield of_day[day], table

    def _read(
        self,
        entity_kind: EntityKind,
        metrics: Mapping[str, AggregateMetric],
        moments: tuple[Moment, ...],
        beside: Executor,
    ) -> Iterator[tuple[date, pa.Table]]:
        assert self._full is not None
        began = time.monotonic()
        for moment, table in self._full.tables(entity_kind, metrics, moments, beside):
            yield moment.as_of, table
        self._took += time.monotonic() - began
