"""Rows as they are, some columns of them: of tables without measures, and behind a value."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from keepwell.definitions.expressions import Expression
from keepwell.definitions.widget_parts import Dimension, Order
from keepwell.engine.reporting.queries import GROUPS, dimension_value, ordered
from keepwell.engine.reporting.relations import Relations
from keepwell.engine.reporting.spans import Span


@dataclass(frozen=True)
class RowsQuery:
    """Rows for which all conditions hold, `columns` of them by key, at most `limit`, with how many there are."""

    dataset: str
    span: Span
    columns: tuple[tuple[str, Dimension], ...]
    conditions: tuple[Expression | None, ...] = ()
    order: Order | None = None
    limit: int = 100

    def lowered(self, relations: Relations) -> ir.Table:
        expressions = [one.of for _, one in self.columns if one.of is not None]
        expressions += [one for one in self.conditions if one is not None]
        rows = relations.rows(self.dataset, self.span, expressions).where(*self.conditions)
        chosen = {key: dimension_value(rows, one, self.dataset) for key, one in self.columns}
        table = rows.table.select(**chosen)
        table = table.mutate(**{GROUPS: table.count().over(ibis.window())})
        return table.order_by(*ordered(table, self.order, chosen)).limit(self.limit)

    def counted(self, rows: pa.Table) -> tuple[int, pa.Table]:
        """How many rows there are, and those that are shown."""
        found = int(rows[GROUPS][0].as_py()) if rows.num_rows else 0
        return found, rows.drop_columns([GROUPS])
