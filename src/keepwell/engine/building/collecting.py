"""Executes what the plan says, for many moments at a time, and hands the results out by moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.needs import attributes_for
from keepwell.engine.facts import LOAD_ID, FactSource
from keepwell.engine.metrics.aggregates import foldable_on
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import AS_OF, Grid
from keepwell.engine.metrics.ledgers import ledger
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.plan import DatasetPlan, plan_metrics
from keepwell.engine.metrics.population import population
from keepwell.engine.moments import Moment, end_of_day

MOMENTS_AT_ONCE = 32
"""So many moments share one query: enough to save passes, few enough to bound memory."""

_LEDGERS = ("entries", "overrides", "pins")


@dataclass
class Collected:
    """Results by moment, as they came from the backend."""

    populations: dict[tuple[EntityKind, Moment], pa.Table] = field(default_factory=dict)
    aggregates: dict[tuple[EntityKind, Moment], list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    newest: dict[tuple[str, Moment], date | None] = field(default_factory=dict)
    ledgers: dict[str, pa.Table] = field(default_factory=dict)
    unmatched: dict[str, pa.Table] = field(default_factory=dict)
    load_ids: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Collector:
    """Reads from `source` what values of `project` need."""

    project: Project
    source: FactSource

    @property
    def reader(self) -> FactReader:
        return FactReader(self.project, self.source.table, self.source.dialect)

    def collect(self, wanted: Mapping[Moment, frozenset[str]], kinds: Mapping[EntityKind, frozenset[str]]) -> Collected:
        """Everything for the moments of `wanted` and the metrics named there, kept to those of each kind."""
        collected = Collected()
        for names, moments in _by_names(wanted).items():
            for chunk in _chunks(moments):
                for kind, of_kind in kinds.items():
                    self._populations(collected, kind, chunk)
                    self._aggregates(collected, kind, names & of_kind, chunk)
                self._newest(collected, names, chunk)
        for role in _LEDGERS:
            found = self.project.with_role(role)  # type: ignore[arg-type]
            if found:
                collected.ledgers[role] = self.source.run(ledger(self.reader, found[0]))
        self._unmatched(collected, frozenset().union(*wanted.values()))
        self._load_ids(collected)
        return collected

    def _populations(self, collected: Collected, kind: EntityKind, moments: tuple[Moment, ...]) -> None:
        found = self.project.with_role("accounts" if kind == "account" else "relationships")
        if found is None:
            return
        attributes = attributes_for(self.project, kind, self.source.table(found[0]).columns)
        table = self.source.run(population(self.reader, found[0], Grid(moments), attributes=attributes))
        for moment, rows in _split(table, moments):
            collected.populations[kind, moment] = rows

    def _aggregates(
        self, collected: Collected, kind: EntityKind, names: frozenset[str], moments: tuple[Moment, ...]
    ) -> None:
        metrics = {name: metric for name in names if isinstance(metric := self.project.metrics[name], AggregateMetric)}
        for plan in plan_metrics(metrics, kind, foldable=foldable_on(self.source.dialect)):
            self._run_plan(collected, kind, plan, moments)

    def _run_plan(self, collected: Collected, kind: EntityKind, plan: DatasetPlan, moments: tuple[Moment, ...]) -> None:
        same = {moment: self._effective(plan.dataset, moment) for moment in moments}
        grid = Grid(tuple(sorted(set(same.values()))))
        for expression in Lowering(self.reader, grid).tables(plan):
            by_moment = dict(_split(self.source.run(expression), grid.moments))
            for moment in moments:
                collected.aggregates[kind, moment].append(by_moment[same[moment]])

    def _effective(self, dataset: str, moment: Moment) -> Moment:
        """Where rows are known as soon as they happen, moments that differ only in what was known are the same."""
        definition = self.project.datasets[dataset]
        end = end_of_day(moment.as_of, self.project.settings.time_zone)
        waits = definition.recorded_at or definition.arrives_after or definition.changed_at
        return moment if waits or moment.known_at < end else Moment(moment.as_of, end)

    def _newest(self, collected: Collected, names: frozenset[str], moments: tuple[Moment, ...]) -> None:
        for dataset in sorted(self._expected(names)):
            table = self.source.run(Lowering(self.reader, Grid(moments)).newest(dataset))
            for moment, rows in _split(table, moments):
                collected.newest[dataset, moment] = rows["newest"][0].as_py() if len(rows) else None

    def _expected(self, names: Iterable[str]) -> frozenset[str]:
        datasets = (m.dataset for name in names if isinstance(m := self.project.metrics[name], AggregateMetric))
        return frozenset(name for name in datasets if self.project.datasets[name].expected_every)

    def _load_ids(self, collected: Collected) -> None:
        for name in self.project.datasets:
            rows = self.source.table(name)
            if LOAD_ID in rows.columns:
                collected.load_ids[name] = self.source.run(rows.aggregate(highest=rows[LOAD_ID].max()))["highest"][
                    0
                ].as_py()

    def _unmatched(self, collected: Collected, names: frozenset[str]) -> None:
        used = {m.dataset for name in names if isinstance(m := self.project.metrics[name], AggregateMetric)}
        for dataset in sorted(used):
            if self.project.datasets[dataset].via:
                collected.unmatched[dataset] = self.source.run(self.reader.unmatched(dataset))


def _by_names(wanted: Mapping[Moment, frozenset[str]]) -> dict[frozenset[str], list[Moment]]:
    grouped: dict[frozenset[str], list[Moment]] = defaultdict(list)
    for moment, names in sorted(wanted.items()):
        grouped[names].append(moment)
    return grouped


def _chunks(moments: list[Moment]) -> Iterator[tuple[Moment, ...]]:
    """Moments in order, at most so many at once, and never one date twice in a chunk: dates tell results apart."""
    chunk: list[Moment] = []
    for moment in moments:
        if len(chunk) == MOMENTS_AT_ONCE or any(moment.as_of == other.as_of for other in chunk):
            yield tuple(chunk)
            chunk = []
        chunk.append(moment)
    if chunk:
        yield tuple(chunk)


def _split(table: pa.Table, moments: tuple[Moment, ...]) -> Iterator[tuple[Moment, pa.Table]]:
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
