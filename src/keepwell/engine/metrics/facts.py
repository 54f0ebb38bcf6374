"""A dataset as facts about entities: whose each row is, how old it is, and its columns as they could be read then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.metrics.compiling.dialects import days_between
from keepwell.engine.metrics.extremes import smallest
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.ids import as_id, id_text
from keepwell.engine.metrics.times import Clock
from keepwell.engine.metrics.visible import DAY, ENTITY, RECORDED, TIME, Source, TableOf, visible_rows

AGE = "kw_age"
KEY = "kw_key"
_MAPPED = "kw_mapped_key"


@dataclass(frozen=True)
class FactReader:
    """Reads the datasets of a project. `table` gives raw rows, `dialect` names the backend they are on."""

    project: Project
    table: TableOf
    dialect: str

    def source(self, name: str) -> Source:
        dataset = self.project.datasets[name]
        clock = Clock(self.dialect, self.project.zone_of(name), self.project.settings.time_zone)
        rows = self.table(name)
        missing = [
            column for column in (dataset.occurred_at, dataset.recorded_at) if column and column not in rows.columns
        ]
        assert not missing, missing  # bound before: see engine.binding
        return Source(dataset, rows, clock)

    def facts(
        self, name: str, entity_kind: EntityKind, grid: Grid, *, columns: frozenset[str], horizon: int | None = None
    ) -> ir.Table:
        """Rows of dataset `name` that count at each moment, for entities of one kind.

        Columns: `kw_entity` (whole number or text), `kw_age` (days before the date, 0 on the day itself), `kw_day`,
        `kw_time`, `kw_recorded`, `kw_key`, `kw_as_of` where there are several moments, and `columns`: times local and
        naive, columns that are known later null until then. Rows without an entity are left out.
        """
        source = self.source(name)
        entity = self._entity_column(name, entity_kind)
        needed = {*columns, *self._revealers(name, columns), entity}
        if source.dataset.started_at:  # a relationship is no fact before it starts
            needed.add(source.dataset.started_at)
        rows = visible_rows(source, grid, columns=needed, horizon=horizon)
        if source.dataset.started_at:
            started = rows[source.dataset.started_at]
            rows = rows.filter(started.isnull() | (source.clock.day(started) <= grid.as_of(rows)))
        owner: ir.Value = rows[entity]
        if source.dataset.via and entity_kind == "account":
            mapping = self._mapping(name, grid)
            same = [rows[key] == mapping[key] for key in grid.keys if key in mapping.columns]
            rows = rows.inner_join(mapping, [id_text(rows[entity]) == mapping[_MAPPED], *same])
            owner = rows[ENTITY]
        return self._project(source, rows.filter(owner.notnull()), owner, grid, columns)

    def _entity_column(self, name: str, entity_kind: EntityKind) -> str:
        dataset = self.project.datasets[name]
        if entity_kind == "relationship":
            column = dataset.relationship or (dataset.via.on if dataset.via else None) or dataset.key
        else:
            column = dataset.via.on if dataset.via else str(dataset.account or "")
        assert column, f"{name} has no {entity_kind}"  # bound before: see engine.binding
        return column

    def names_relationship(self, name: str) -> bool:
        """Whether rows of the dataset belong to relationships, by a column of theirs or by way of one."""
        dataset = self.project.datasets[name]
        via = dataset.via
        return bool(dataset.relationship) or bool(via and self.project.datasets[via.via].role == "relationships")

    def _mapping(self, name: str, grid: Grid | None = None) -> ir.Table:
        """key -> account of the dataset in between, one row a key; a key with several accounts takes the smallest.

        Where that dataset has a history, the account as of each moment of `grid`; without `grid` that of any time.
        """
        via = self.project.datasets[name].via
        assert via is not None
        between = self.project.datasets[via.via]
        keys: tuple[str, ...] = ()
        rows = self.table(via.via)
        if grid is not None and between.changed_at:
            lasting = between.model_copy(update={"occurred_at": None, "deleted": None})  # whose it was outlives its end
            source = replace(self.source(via.via), dataset=lasting)
            rows, keys = visible_rows(source, grid, columns=(str(between.key), str(between.account))), grid.keys
        keyed = rows.select(*keys, **{_MAPPED: id_text(rows[between.key]), ENTITY: id_text(rows[str(between.account)])})
        return keyed.group_by([*keys, _MAPPED]).aggregate(**{ENTITY: smallest(keyed[ENTITY], self.dialect)})

    def _revealers(self, name: str, columns: frozenset[str]) -> frozenset[str]:
        later = self.project.datasets[name].known_later
        return frozenset(date for column, date in later.items() if column in columns)

    def _project(
        self, source: Source, rows: ir.Table, owner: ir.Value, grid: Grid, columns: frozenset[str]
    ) -> ir.Table:
        chosen: dict[str, ir.Value] = {name: rows[name] for name in grid.keys}
        chosen[ENTITY] = as_id(owner)
        if source.time_column:
            chosen |= {DAY: rows[DAY], TIME: rows[TIME], RECORDED: rows[RECORDED]}
            chosen[AGE] = day_difference(grid.as_of(rows), rows[DAY], source.clock.dialect)
        if source.dataset.key:
            chosen[KEY] = rows[source.dataset.key]
        return rows.select(**chosen, **readable(source, rows, grid, columns))


def readable(source: Source, rows: ir.Table, grid: Grid, columns: frozenset[str]) -> Mapping[str, ir.Value]:
    """Columns as expressions see them: null until revealed, times local and naive, decimals float64, UUIDs text."""
    return {name: _readable(source, rows, grid, name) for name in sorted(columns)}


def _readable(source: Source, rows: ir.Table, grid: Grid, name: str) -> ir.Value:
    value: ir.Value = rows[name]
    if isinstance(value.type(), dt.Timestamp):
        value = source.clock.local(value)
    elif isinstance(value.type(), dt.Decimal):
        value = value.cast("float64")
    elif isinstance(value.type(), dt.UUID):
        value = value.cast("string")
    revealer = name if name == source.dataset.ended_at else source.dataset.known_later.get(name)
    if revealer is None:
        return value
    revealed = source.clock.day(rows[revealer]) <= grid.as_of(rows)
    return ibis.ifelse(revealed, value, ibis.null(value.type()))


def day_difference(later: ir.DateValue, earlier: ir.DateValue, dialect: str) -> ir.IntegerValue:
    """Whole days from `earlier` to `later`."""
    between = days_between.get(dialect)
    days: ir.IntegerValue = between(later, earlier) if between else later.delta(earlier, unit="day")
    return days
