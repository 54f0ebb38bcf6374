"""Executes what the plan says, for many moments at a time, and hands the results out by moment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Aggregates, Answers, Question, split
from keepwell.engine.building.chunks import chunks, moments_at_once
from keepwell.engine.building.needs import attributes_for
from keepwell.engine.facts import LOAD_ID, FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.ledgers import ledger
from keepwell.engine.metrics.lowering import Lowering
from keepwell.engine.metrics.population import population
from keepwell.engine.metrics.unmatched import LEAD, ROWS, Lead, leads, unmatched
from keepwell.engine.moments import Moment

_LEDGERS = ("entries", "overrides", "pins")


@dataclass
class Collected:
    """Results by moment, as they came from the backend."""

    populations: dict[tuple[EntityKind, Moment], pa.Table] = field(default_factory=dict)
    aggregates: dict[tuple[EntityKind, Moment], list[pa.Table]] = field(default_factory=lambda: defaultdict(list))
    newest: dict[tuple[str, Moment], date | None] = field(default_factory=dict)
    ledgers: dict[str, pa.Table] = field(default_factory=dict)
    unmatched: dict[Lead, pa.Table] = field(default_factory=dict)
    load_ids: dict[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Collector:
    """Reads from `source` what values of `project` need."""

    project: Project
    source: FactSource
    aggregates: Aggregates

    @property
    def reader(self) -> FactReader:
        return FactReader(self.project, self.source.table, self.source.dialect)

    def collect(self, wanted: Mapping[Moment, frozenset[str]], kinds: Mapping[EntityKind, frozenset[str]]) -> Collected:
        """Everything for the moments of `wanted` and the metrics named there, kept to those of each kind.

        What is small is asked beside the aggregates, after what these have to know first.
        """
        collected = Collected()
        self._open(wanted)
        with ThreadPoolExecutor(1) as beside:
            answers = [
                (kind, self._aggregates(kind, names & of_kind, tuple(moments), beside))
                for names, moments in _by_names(wanted).items()
                for kind, of_kind in kinds.items()
            ]
            small = beside.submit(self._small, collected, wanted, kinds)
            for kind, tables in answers:
                for moment, table in tables:
                    collected.aggregates[kind, moment].append(table)
            small.result()
        return collected

    @property
    def _ledgers(self) -> tuple[str, ...]:
        """Roles of datasets that say what people entered."""
        return _LEDGERS

    def _open(self, wanted: Mapping[Moment, frozenset[str]]) -> None:
        """Opens what is asked beside in the caller's thread: a source may read records of the caller's transaction."""
        roles = ("accounts", "relationships", *self._ledgers)
        found = {name for role in roles for name in self.project.all_with_role(role)}  # type: ignore[arg-type]
        for lead in leads(self.project, frozenset().union(*wanted.values())):
            found |= {lead.dataset} | ({lead.target} if lead.target else set())
        for name in sorted(found):
            self.source.table(name)

    def _small(
        self, collected: Collected, wanted: Mapping[Moment, frozenset[str]], kinds: Iterable[EntityKind]
    ) -> None:
        """Everything but the aggregates."""
        for names, moments in _by_names(wanted).items():
            for chunk in chunks(moments, moments_at_once(self.project, self.source) if len(moments) > 1 else 1):
                for kind in kinds:
                    self._populations(collected, kind, chunk)
                self._newest(collected, names, chunk)
        for role in self._ledgers:
            found = self.project.with_role(role)  # type: ignore[arg-type]
            if found:
                collected.ledgers[role] = self.source.run(ledger(self.reader, found[0]))
        self._unmatched(collected, frozenset().union(*wanted.values()))
        self._load_ids(collected)

    def _populations(self, collected: Collected, kind: EntityKind, moments: tuple[Moment, ...]) -> None:
        found = self.project.with_role("accounts" if kind == "account" else "relationships")
        if found is None:
            return
        attributes = attributes_for(self.project, kind, self.source.table(found[0]).columns)
        table = self.source.run(population(self.reader, found[0], Grid(moments), attributes=attributes))
        for moment, rows in split(table, moments):
            collected.populations[kind, moment] = rows

    def _aggregates(
        self, kind: EntityKind, names: frozenset[str], moments: tuple[Moment, ...], beside: Executor
    ) -> Answers:
        metrics = {name: metric for name in names if isinstance(metric := self.project.metrics[name], AggregateMetric)}
        return self.aggregates.tables(Question(kind, metrics, moments), beside)

    def _newest(self, collected: Collected, names: frozenset[str], moments: tuple[Moment, ...]) -> None:
        for dataset in sorted(self._expected(names)):
            table = self.source.run(Lowering(self.reader, Grid(moments)).newest(dataset))
            for moment, rows in split(table, moments):
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
        wanted = leads(self.project, names)
        lost = self.source.run(unmatched(self.reader, wanted))
        lost = lost.filter(pc.greater(lost[ROWS], 0))
        for number in sorted(set(lost[LEAD].to_pylist())):
            collected.unmatched[wanted[number]] = lost.filter(pc.equal(lost[LEAD], number))


def _by_names(wanted: Mapping[Moment, frozenset[str]]) -> dict[frozenset[str], list[Moment]]:
    grouped: dict[frozenset[str], list[Moment]] = defaultdict(list)
    for moment, names in sorted(wanted.items()):
        grouped[names].append(moment)
    return grouped
