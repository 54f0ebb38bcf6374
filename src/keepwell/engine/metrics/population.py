"""Who is scored: accounts (relationships) of the population at each moment, with their attributes as they stood."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keepwell.engine.metrics.facts import FactReader, readable
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.ids import id_text
from keepwell.engine.metrics.visible import CHANGED, Source, visible_rows

ID = "kw_id"
ACCOUNT = "kw_account"
PARENT = "kw_parent"
CHANGED_ON = "kw_changed_on"


def population(reader: FactReader, name: str, grid: Grid, *, attributes: frozenset[str]) -> ir.Table:
    """Accounts (relationships) that had started and had not ended, for each moment.

    Columns: `kw_id`, `kw_account` (of relationships), `kw_parent` (of accounts), `kw_changed_on` (date of the change
    that is read; only with history), `kw_as_of` where there are several moments, and the attributes. Rows without a key
    are left out; the end is never known before its day.
    """
    source = reader.source(name)
    dataset = source.dataset
    own = (dataset.key, dataset.started_at, dataset.ended_at, dataset.parent, _account_column(source))
    columns = attributes | {column for column in own if column}
    rows = visible_rows(source, grid, columns=columns)
    rows = rows.filter(rows[dataset.key].notnull(), *_lifetime(source, rows, grid))
    chosen: dict[str, ir.Value] = {key: rows[key] for key in grid.keys}
    chosen[ID] = id_text(rows[dataset.key])
    if dataset.role == "relationships":
        chosen[ACCOUNT] = id_text(rows[str(_account_column(source))])
    if dataset.parent:
        chosen[PARENT] = id_text(rows[dataset.parent])
    if dataset.changed_at:
        chosen[CHANGED_ON] = source.clock.of_utc().day(rows[CHANGED])
    return rows.select(**chosen, **_attributes(source, rows, grid, attributes))


def _account_column(source: Source) -> str | None:
    return source.dataset.account if isinstance(source.dataset.account, str) else None


def _lifetime(source: Source, rows: ir.Table, grid: Grid) -> list[ir.BooleanValue]:
    dataset, tests = source.dataset, []
    if dataset.started_at:
        started = rows[dataset.started_at]
        tests.append(started.isnull() | (source.clock.day(started) <= grid.as_of(rows)))
    if dataset.ended_at:
        ended = rows[dataset.ended_at]
        tests.append(ended.isnull() | (source.clock.day(ended) > grid.as_of(rows)))
    return tests


def _attributes(source: Source, rows: ir.Table, grid: Grid, attributes: frozenset[str]) -> dict[str, ir.Value]:
    values = dict(readable(source, rows, grid, attributes))
    if source.dataset.ended_at in values:  # of the population nobody has ended yet
        values[source.dataset.ended_at] = ibis.null(values[source.dataset.ended_at].type())
    return values
