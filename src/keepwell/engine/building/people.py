"""The population of one moment as arrays, in order of id."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aligning import plain
from keepwell.engine.building.collecting import Collected
from keepwell.engine.metrics.population import ACCOUNT, CHANGED_ON, ID, PARENT
from keepwell.engine.moments import Moment
from keepwell.engine.values import Days
from keepwell.errors import DataRefused

_OWN = (ID, ACCOUNT, PARENT, CHANGED_ON)


@dataclass(frozen=True)
class People:
    """Entities of one kind: ids in order, their accounts and parents, attributes, and the day of the change read."""

    ids: pa.Array
    accounts: pa.Array
    parents: pa.Array
    attributes: pa.Table
    changed_on: Days | None


def people_at(project: Project, collected: Collected, kind: EntityKind, moment: Moment) -> People:
    """The population of `kind` at `moment`. Relationships of accounts outside the population are left out.

    Raises DataRefused where an id stands twice.
    """
    table = collected.populations[kind, moment]
    if kind == "relationship":
        table = table.filter(pc.is_in(table[ACCOUNT], value_set=plain(collected.populations["account", moment][ID])))
    table = table.take(pc.sort_indices(table[ID]))
    ids = plain(table[ID])
    _refuse_twins(project, kind, ids)
    parents = plain(table[PARENT]) if PARENT in table.column_names else pa.nulls(len(ids), pa.string())
    changed = table[CHANGED_ON].to_numpy().astype("datetime64[D]") if CHANGED_ON in table.column_names else None
    attributes = pa.table({name: plain(table[name]) for name in table.column_names if name not in _OWN})
    if not attributes.num_columns:
        attributes = table.select([])
    return People(
        ids=ids,
        accounts=plain(table[ACCOUNT]) if kind == "relationship" else ids,
        parents=pc.if_else(pc.equal(parents, ""), pa.scalar(None, pa.string()), parents),
        attributes=attributes,
        changed_on=changed,
    )


def _refuse_twins(project: Project, kind: EntityKind, ids: pa.Array) -> None:
    if len(ids) < 2 or not pc.any(same := pc.equal(ids[1:], ids[:-1])).as_py():
        return
    twins = sorted(set(ids[1:].filter(same).to_pylist()))
    found = project.with_role("accounts" if kind == "account" else "relationships")
    assert found is not None
    name, dataset = found
    raise DataRefused(
        f"dataset '{name}': {len(twins)} {kind} keys stand in more than one row, such as {', '.join(twins[:3])} "
        f"in column '{dataset.key}'; keep one row a key, or name the column that dates each change with 'changed_at'"
    )
