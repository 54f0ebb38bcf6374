"""All accounts known at a date, those that ended included: rows of theirs are still told apart by what they were."""

from __future__ import annotations

from collections.abc import Collection

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.project import Project
from keepwell.engine.columns import one_array
from keepwell.engine.metrics.facts import FactReader, readable
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.ids import id_text
from keepwell.engine.metrics.visible import visible_rows
from keepwell.engine.reporting.tables import ACCOUNT_ID, IS_PRESENT


def known_accounts(reader: FactReader, name: str, grid: Grid, columns: frozenset[str]) -> ir.Table:
    """`account_id` and attributes of all accounts of dataset `name` that have begun, as they stood at one moment."""
    source = reader.source(name)
    dataset = source.dataset
    own = {dataset.key, dataset.started_at, dataset.ended_at}
    rows = visible_rows(source, grid, columns=columns | {column for column in own if column})
    tests = [rows[dataset.key].notnull()]
    if dataset.started_at:
        started = rows[dataset.started_at]
        tests.append(started.isnull() | (source.clock.day(started) <= grid.as_of(rows)))
    rows = rows.filter(*tests)
    return rows.select(**{**readable(source, rows, grid, columns), ACCOUNT_ID: id_text(rows[dataset.key])})


def wanted_attributes(project: Project, names: Collection[str], columns: Collection[str]) -> frozenset[str]:
    """Those of `names` that are columns of the accounts and nothing else: metrics come before attributes."""
    return (frozenset(names) & frozenset(columns)) - project.metrics.keys()


def account_table(present: pa.Table, everybody: pa.Table | None, names: Collection[str]) -> pa.Table:
    """Accounts as reports read them (`Tables.accounts`).

    `present`: the population, a row an account with `account_id` and what is known of scores, metrics and attributes.
    `everybody`: all accounts with attributes; those that are not present have nulls in the other columns.
    """
    ids = one_array(present[ACCOUNT_ID])
    ended = None if everybody is None else pc.invert(pc.is_in(everybody[ACCOUNT_ID], value_set=ids))
    more = None if everybody is None or ended is None else everybody.filter(ended)
    chosen = [name for name in present.column_names if name == ACCOUNT_ID or name in names]
    attributes = [] if everybody is None else [one for one in everybody.column_names if one not in present.column_names]
    found = present.select(chosen)
    if everybody is not None and attributes:
        places = pc.index_in(ids, value_set=one_array(everybody[ACCOUNT_ID]))
        for name in attributes:
            found = found.append_column(name, one_array(everybody[name]).take(places))
    found = found.append_column(IS_PRESENT, pa.repeat(pa.scalar(True), found.num_rows))
    if more is None or not more.num_rows:
        return found.combine_chunks()
    own = {name: one_array(more[name]) for name in more.column_names if name in found.column_names}
    rest = {
        name: own[name].cast(found[name].type) if name in own else pa.nulls(more.num_rows, found[name].type)
        for name in found.column_names
        if name != IS_PRESENT
    }
    last = pa.table({**rest, IS_PRESENT: pa.repeat(pa.scalar(False), more.num_rows)})
    return pa.concat_tables([found, last.select(found.column_names)]).combine_chunks()
