"""Ledgers read anew for values that are there: what was entered since counts without reading any fact again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.building.ledgers import entries_at, overrides_at, pins_at
from keepwell.engine.facts import FactSource
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.ledgers import ACCOUNT, RELATIONSHIP, ledger
from keepwell.engine.moments import Moment
from keepwell.engine.values import ENTRIES, OVERRIDES, PINS, EntityValues, Values

ROLES = {
    "entries": (entries_at, ENTRIES),
    "overrides": (overrides_at, OVERRIDES),
    "pins": (pins_at, PINS),
}


def with_ledgers(project: Project, source: FactSource, values: Values, known_at: datetime) -> Values:
    """`values` with entries, overrides by hand and pins as they are known at `known_at` (naive UTC).

    Attributes and metrics stay. Where no fact came since, these are the values that a run with this `known_at` builds.
    Raises DataRefused where the ledgers cannot be read.
    """
    moment = Moment(values.as_of, known_at)
    reader = FactReader(project, source.table, source.dialect)
    found = {role: project.with_role(role) for role in ROLES}  # type: ignore[arg-type]
    ledgers = {role: source.run(ledger(reader, dataset[0])) for role, dataset in found.items() if dataset}

    def renewed(entities: EntityValues) -> EntityValues:
        rows = {role: in_force(project, role, ledgers.get(role), entities, moment) for role in ROLES}
        return replace(entities, **rows)

    units = values.relationships
    return replace(
        values,
        known_at=known_at,
        accounts=renewed(values.accounts),
        relationships=None if units is None else renewed(units),
    )


def in_force(project: Project, role: str, rows: pa.Table | None, entities: EntityValues, moment: Moment) -> pa.Table:
    """What of a ledger counts for `entities` at `moment`; `rows` None where the project has no such ledger."""
    at, schema = ROLES[role]
    if rows is None or not len(rows):
        return schema.empty_table()
    column = rows[RELATIONSHIP if entities.entity_kind == "relationship" else ACCOUNT]
    entity = pc.index_in(column, value_set=entities.ids).cast(pa.int64())
    if entities.entity_kind == "account":  # a row that names a relationship is about that, not about its account
        entity = pc.if_else(pc.is_valid(rows[RELATIONSHIP]), pa.scalar(None, pa.int64()), entity)
    return at(rows, entity, moment, project.settings.time_zone)
