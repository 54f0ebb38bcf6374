"""Some accounts out of the values of a run, and the accounts whose scores rest on one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.ascent import resting_on_scores
from keepwell.engine.values import EntityValues, Values


def related(project: Project, values: Values, accounts: Collection[str]) -> frozenset[str]:
    """The accounts that must be scored together with `accounts`, themselves included.

    Where no metric rests on the scores of others, each account is scored alone; otherwise everybody in the hierarchy
    that an account belongs to. Ids that are not in the population are left out.
    """
    present = frozenset(pc.filter(values.accounts.ids, _is_in(values.accounts.ids, accounts)).to_pylist())
    if not resting_on_scores(project):
        return present
    beside: dict[str, list[str]] = defaultdict(list)
    for one, parent in zip(values.accounts.ids.to_pylist(), values.accounts.parents.to_pylist(), strict=True):
        if parent is not None:
            beside[one].append(parent)
            beside[parent].append(one)
    found, waiting = set(present), list(present)
    while waiting:
        for other in beside[waiting.pop()]:
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


def restricted(values: Values, accounts: Collection[str]) -> Values:
    """The values of some accounts and of their relationships, everything else as it was; rows keep their order."""
    units = values.relationships
    return replace(
        values,
        accounts=_some(values.accounts, _is_in(values.accounts.ids, accounts)),
        relationships=None if units is None else _some(units, _is_in(units.accounts, accounts)),
    )


def _is_in(ids: pa.Array, accounts: Collection[str]) -> pa.Array:
    return pc.is_in(ids, value_set=pa.array(sorted(accounts), pa.string()))


def _some(entities: EntityValues, chosen: pa.Array) -> EntityValues:
    rows = np.flatnonzero(chosen.to_numpy(zero_copy_only=False))
    at = pa.array(rows)
    places = np.full(len(entities), -1, np.int64)
    places[rows] = np.arange(len(rows))
    return replace(
        entities,
        ids=entities.ids.take(at),
        accounts=entities.accounts.take(at),
        parents=entities.parents.take(at),
        attributes=_taken(entities.attributes, at),
        metrics=_taken(entities.metrics, at),
        observed={n: days if isinstance(days, date) else days[rows] for n, days in entities.observed.items()},
        previous={name: column.take(at) for name, column in entities.previous.items()},
        entries=_moved(entities.entries, places),
        overrides=_moved(entities.overrides, places),
        pins=_moved(entities.pins, places),
    )


def _taken(table: pa.Table, at: pa.Array) -> pa.Table:
    return table.take(at) if table.num_columns else table.slice(0, len(at))


def _moved(ledger: pa.Table, places: np.ndarray) -> pa.Table:
    """The rows of entities that stay, with their new places."""
    now = places[ledger["entity"].to_numpy()] if len(ledger) else np.empty(0, np.int64)
    kept = ledger.filter(pa.array(now >= 0, pa.bool_()))
    column = pa.array(now[now >= 0], pa.int64())
    return kept.set_column(kept.schema.get_field_index("entity"), "entity", column)
