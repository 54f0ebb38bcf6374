"""Values of one moment from what was collected: populations, attributes, metrics in order, ledgers, warnings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.dependencies import evaluation_order, score_dependent
from keepwell.definitions.metrics import (
    AggregateMetric,
    AttributeMetric,
    ChangeMetric,
    ChildrenMetric,
    FormulaMetric,
    MetricBase,
)
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aligning import Aligned, oldest, plain
from keepwell.engine.building.collecting import Collected
from keepwell.engine.building.in_force import ROLES, in_force
from keepwell.engine.building.needs import Needs
from keepwell.engine.building.people import People, people_at
from keepwell.engine.building.warnings import Warnings
from keepwell.engine.changes import change
from keepwell.engine.children import children_metric
from keepwell.engine.evaluate import Place, evaluate_formula
from keepwell.engine.moments import Moment
from keepwell.engine.score import score_values
from keepwell.engine.values import (
    Days,
    EntityValues,
    Values,
    longest_silence,
    silences_of,
)

Observed = date | Days


class Assembler:
    """Assembles values; earlier moments that changes need are assembled once and kept."""

    def __init__(
        self, project: Project, collected: Collected, kinds: Mapping[EntityKind, frozenset[str]], needs: Needs
    ) -> None:
        self._project = project
        self._collected = collected
        self._kinds = kinds
        self._needs = needs
        self._resting = score_dependent(project)
        self._earlier: dict[tuple[Moment, int], Values] = {}

    def values(self, moments: Sequence[Moment], offset: int = 0) -> list[Values]:
        """Values at each of `moments`, which lie `offset` days before dates that were asked for.

        All moments take each step together, so that a formula is one query and not one a moment.
        """
        warnings = [Warnings(self._project) for _ in moments]
        found: dict[EntityKind, list[EntityValues]] = {}
        for kind in ("relationship", "account"):  # children before parents
            if kind in self._kinds:
                found[kind] = self._entity_values(kind, moments, offset, found.get("relationship"), warnings)
        relationships: Sequence[EntityValues | None] = found.get("relationship") or [None] * len(moments)
        together = zip(moments, found["account"], relationships, warnings, strict=True)
        return [self._values(*one) for one in together]

    def _values(
        self, moment: Moment, accounts: EntityValues, relationships: EntityValues | None, warnings: Warnings
    ) -> Values:
        warnings.of_datasets(self._collected, moment)
        return Values(
            as_of=moment.as_of,
            known_at=moment.known_at,
            accounts=accounts,
            relationships=relationships,
            load_ids=self._collected.load_ids,
            warnings=warnings.sentences(),
        )

    def _entity_values(
        self,
        kind: EntityKind,
        moments: Sequence[Moment],
        offset: int,
        relationships: list[EntityValues] | None,
        warnings: Sequence[Warnings],
    ) -> list[EntityValues]:
        below: Sequence[EntityValues | None] = relationships or [None] * len(moments)
        buildings = [
            self._building(kind, moment, units, warns)
            for moment, units, warns in zip(moments, below, warnings, strict=True)
        ]
        for name in evaluation_order(self._project, self._needs[offset] & self._kinds[kind]):
            metric = self._project.metrics[name]
            if isinstance(metric, ChangeMetric):
                self._add_change(buildings, name, metric, offset)
            elif name in self._resting:
                continue
            elif isinstance(metric, FormulaMetric):
                self._add_formula(buildings, name, metric)
            else:
                for building in buildings:
                    self._add(building, name, metric)
        return [self._finished(building) for building in buildings]

    def _building(
        self, kind: EntityKind, moment: Moment, relationships: EntityValues | None, warnings: Warnings
    ) -> _Building:
        people = people_at(self._project, self._collected, kind, moment)
        aligned = Aligned(people.ids, self._collected.aggregates[kind, moment])
        return _Building(kind, people, aligned, moment, relationships, warnings)

    def _add(self, building: _Building, name: str, metric: MetricBase) -> None:
        if isinstance(metric, AttributeMetric):
            building.add(name, building.people.attributes[metric.attribute], building.people.changed_on)
        elif isinstance(metric, AggregateMetric):
            silences = self._silences(metric.dataset, building.moment)
            seen = building.all_seen(silences[0]) if silences else building.aligned.observed(name)
            building.add(name, building.aligned.values(name, metric), seen, silences)
            building.warnings.of_faults(name, building.aligned.faults(name))
        elif isinstance(metric, ChildrenMetric):
            children = building.entity_values() if metric.of == "accounts" else building.relationships
            below = children_metric(metric, building.people.ids, children)
            below_silent = silences_of(children.silent, [metric.children]) if children else []
            building.add(name, below.column, below.observed, below_silent)

    def _add_formula(self, buildings: Sequence[_Building], name: str, metric: FormulaMetric) -> None:
        places = [Place(one.people.attributes, one.table(), one.moment.as_of) for one in buildings]
        for building, result in zip(buildings, evaluate_formula(self._project, metric.formula, places), strict=True):
            building.add(name, result.column, building.oldest_of(result.inputs), building.silences(result.inputs))
            building.warnings.of_faults(name, result.faults)

    def _add_change(self, buildings: Sequence[_Building], name: str, metric: ChangeMetric, offset: int) -> None:
        self._assemble_earlier([one.moment.before(metric.over) for one in buildings], offset + metric.over)
        for building in buildings:
            previous = self._previous(building, metric, offset)
            if name in self._resting:
                building.previous[name] = previous
                continue
            changed = change(metric, building.metrics[metric.change_of], previous)
            seen = building.seen(metric.change_of)
            building.add(name, changed, seen, building.silences([metric.change_of]))

    def _assemble_earlier(self, moments: Iterable[Moment], offset: int) -> None:
        missing = [moment for moment in dict.fromkeys(moments) if (moment, offset) not in self._earlier]
        for values, moment in zip(self.values(missing, offset) if missing else (), missing, strict=True):
            self._earlier[moment, offset] = values

    def _previous(self, building: _Building, metric: ChangeMetric, offset: int) -> pa.Array:
        """The metric `over` days earlier, by id; null for entities that were not in the population then."""
        values = self._earlier[building.moment.before(metric.over), offset + metric.over]
        entities = values.of(building.kind)
        assert entities is not None
        table = entities.metrics
        if metric.change_of in self._resting:
            scores = score_values(self._project, values).of(building.kind)
            assert scores is not None
            table = scores.metrics
        return plain(table[metric.change_of]).take(pc.index_in(building.people.ids, value_set=entities.ids))

    def _finished(self, building: _Building) -> EntityValues:
        values = building.entity_values()
        ledgers = {
            role: in_force(self._project, role, self._collected.ledgers.get(role), values, building.moment)
            for role in ROLES
        }
        building.warnings.of_entries(ledgers["entries"])
        return EntityValues(**{**values.__dict__, **ledgers})

    def _silences(self, dataset: str, moment: Moment) -> list[date | None]:
        """The date of a dataset's newest row (None: it has none), where it is silent for longer than it should be."""
        every = self._project.datasets[dataset].expected_every
        if every is None:
            return []
        newest = self._collected.newest[dataset, moment]
        return [newest] if newest is None or (moment.as_of - newest).days > every else []


class _Building:
    """Metrics of one kind of entity at one moment, while they are being added in order."""

    def __init__(
        self,
        kind: EntityKind,
        people: People,
        aligned: Aligned,
        moment: Moment,
        relationships: EntityValues | None,
        warnings: Warnings,
    ) -> None:
        self.kind = kind
        self.people = people
        self.aligned = aligned
        self.moment = moment
        self.relationships = relationships
        self.warnings = warnings
        self.metrics: dict[str, pa.Array] = {}
        self.previous: dict[str, pa.Array] = {}
        self._observed: dict[str, Observed] = {}
        self._silent: dict[str, date | None] = {}

    def add(self, name: str, column: pa.Array, observed: Observed | None, silences: Sequence[date | None] = ()) -> None:
        """What rests on silent metrics is silent, since the longest of them."""
        self.metrics[name] = plain(column)
        if observed is not None:
            self._observed[name] = observed
        if silences:
            self._silent[name] = longest_silence(silences)

    def silences(self, inputs: Iterable[str]) -> list[date | None]:
        return silences_of(self._silent, inputs)

    def all_seen(self, day: date | None) -> Observed:
        """One observation for all; None for one that never was."""
        return day or np.full(len(self.people.ids), np.datetime64("NaT", "D"))

    def table(self) -> pa.Table:
        if self.metrics:
            return pa.table(self.metrics)
        return pa.table({"": pa.nulls(len(self.people.ids))}).select([])

    def seen(self, name: str) -> Observed:
        return self._observed.get(name, self.moment.as_of)

    def oldest_of(self, inputs: frozenset[str]) -> Observed:
        """The oldest observation of what a formula names: metrics, or attributes where no metric has the name."""
        seen = [self.seen(name) if name in self.metrics else self.people.changed_on for name in sorted(inputs)]
        return oldest([one for one in seen if one is not None], self.moment.as_of, len(self.people.ids))

    def entity_values(self) -> EntityValues:
        return EntityValues(
            entity_kind=self.kind,
            ids=self.people.ids,
            accounts=self.people.accounts,
            parents=self.people.parents,
            attributes=self.people.attributes,
            metrics=self.table(),
            observed=dict(self._observed),
            silent=dict(self._silent),
            previous=dict(self.previous),
        )
