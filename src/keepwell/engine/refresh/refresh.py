"""From the state of an earlier moment to the values of a later one, equal to those that all facts give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa

from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Aggregates, Answers, FullAggregates, Question, effective
from keepwell.engine.building.build import build_with
from keepwell.engine.building.collecting import Collector
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.moments import Moment
from keepwell.engine.refresh.part import Moved, Part, built, coming
from keepwell.engine.refresh.plan import AdvancePlan, identity, plan_advances, why_not
from keepwell.engine.refresh.reading import DayReader
from keepwell.engine.refresh.state import PartKey, RefreshState
from keepwell.engine.values import Values

FIRST = "there was no state of it"
CHANGED = "its definitions have changed"


@dataclass(frozen=True)
class Refreshed:
    """Values, the state they leave, and how they came about.

    `in_full`: metrics read from all facts, with the reason. `rebuilt`: parts of the state that were made anew, with the
    reason. `touched`: by dataset and kind of entity, the ids for which rows came in; a part made anew is not named.
    """

    values: Values
    state: RefreshState
    in_full: Mapping[str, str]
    rebuilt: Mapping[PartKey, str]
    touched: Mapping[tuple[str, EntityKind], pa.Array]


def refresh_values(
    project: Project,
    source: FactSource,
    moment: Moment,
    state: RefreshState | None = None,
    *,
    settled: Collection[str] = (),
    changing: Collection[str] = (),
    collector: type[Collector] = Collector,
    in_full: Aggregates | None = None,
) -> Refreshed:
    """The values of `moment`, the same as `build_values` gives, and the state to refresh from the next time.

    Parts that the state does not have, or has of other definitions or of a later moment, are built from all facts,
    which takes longer than building values alone. Facts are taken to be appended to: rows that come late are found by
    their recorded_at or their load; rows that are gone, or came among those that were seen without either, are found by
    their number, and have the part built anew. A row that was rewritten in place is found only by its load.
    `settled`: datasets of which no row is known later than when it was seen first, so that on the same date new files
    alone are looked at. `changing`: datasets whose rows may be changed or deleted at any time: nothing is kept of them.
    `collector`: see `build_with`. `in_full`: another way to come by what cannot be advanced.
    Raises as `build_values` does.
    """
    full = in_full or FullAggregates(project, source)
    parts = state.parts if state is not None else {}
    aggregates = _Advancing(project, source, moment, full, parts, frozenset(settled), frozenset(changing))
    (values,) = build_with(project, source, [moment], aggregates, collector)
    return Refreshed(values, RefreshState(aggregates.parts), aggregates.in_full, aggregates.rebuilt, aggregates.touched)


@dataclass
class _Advancing:
    """Aggregates from the state where that is exact, from all facts where it is not."""

    project: Project
    source: FactSource
    asked: Moment
    full: Aggregates
    old: Mapping[PartKey, Part]
    settled: frozenset[str] = frozenset()
    changing: frozenset[str] = frozenset()
    parts: dict[PartKey, Part] = field(default_factory=dict)
    in_full: dict[str, str] = field(default_factory=dict)
    rebuilt: dict[PartKey, str] = field(default_factory=dict)
    touched: dict[tuple[str, EntityKind], pa.Array] = field(default_factory=dict)

    def tables(self, asked: Question, beside: Executor) -> Answers:
        """Facts are asked for new rows at once, beside, while what was kept moves on."""
        reasons = {name: self._why_not(metric) for name, metric in asked.metrics.items()}
        self.in_full |= {name: reason for name, reason in reasons.items() if reason is not None}
        rest = asked.where(lambda name: reasons[name] is not None)
        plans = self._plans(asked.where(lambda name: reasons[name] is None).metrics)
        keys = [(self._key(plan, asked.entity_kind, one), plan, one) for plan in plans for one in asked.moments]
        coming = [(moment, key, self._coming(key, plan, moment, beside)) for key, plan, moment in keys]
        return chain(
            self.full.tables(rest, beside),
            ((moment, self._kept(key, part()).table()) for moment, key, part in coming),
        )

    def _why_not(self, metric: AggregateMetric) -> str | None:
        if metric.dataset in self.changing:
            return "its rows may be changed"
        return why_not(metric, self.project.datasets[metric.dataset], self.source.table(metric.dataset).schema())

    def _plans(self, metrics: Mapping[str, AggregateMetric]) -> list[AdvancePlan]:
        """One plan for the metrics of a dataset over windows, and one for those of all times."""
        grouped: dict[tuple[str, bool], dict[str, AggregateMetric]] = defaultdict(dict)
        for name, metric in metrics.items():
            grouped[metric.dataset, metric.window is not None][name] = metric
        return [
            plan_advances(dataset, together, self.project.datasets[dataset].events)
            for (dataset, _), together in sorted(grouped.items())
        ]

    def _key(self, plan: AdvancePlan, entity_kind: EntityKind, moment: Moment) -> PartKey:
        days_before = (self.asked.as_of - moment.as_of).days
        return PartKey(plan.dataset, entity_kind, days_before, plan.horizon is not None)

    def _coming(self, key: PartKey, plan: AdvancePlan, moment: Moment, beside: Executor) -> Callable[[], Moved]:
        """The part at a moment, once it is called."""
        facts = FactReader(self.project, self.source.table, self.source.dialect)
        reader = DayReader(facts, self.source, key.entity_kind, plan.dataset in self.settled)
        when = effective(self.project, key.dataset, moment)
        old, said = self.old.get(key), identity(self.project, plan)
        if old is not None and old.identity == said:
            return coming(old, reader, when, beside)
        return lambda: Moved(built(plan, said, reader, when), None, FIRST if old is None else CHANGED)

    def _kept(self, key: PartKey, now: Moved) -> Part:
        if now.rebuilt is not None:
            self.rebuilt[key] = now.rebuilt
        elif key.days_before == 0 and now.touched is not None:
            self._touch((key.dataset, key.entity_kind), now.touched)
        self.parts[key] = now.part
        return now.part

    def _touch(self, what: tuple[str, EntityKind], ids: pa.Array) -> None:
        known = self.touched.get(what)
        self.touched[what] = ids if known is None else pa.concat_arrays([known, ids]).unique()
