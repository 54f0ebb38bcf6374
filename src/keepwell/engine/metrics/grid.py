"""Moments in a query: one moment as literals, many as a small table that facts are joined with.

One plan serves both. With one moment every bound is a literal, so that a scan can be pruned; with many, one pass over
the facts serves all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keepwell.engine.moments import Moment

AS_OF = "kw_as_of"
KNOWN_AT = "kw_known_at"
_MOMENTS = f"array<struct<{AS_OF}: date, {KNOWN_AT}: timestamp>>"


@dataclass(frozen=True)
class Grid:
    """The moments a query answers for, in order."""

    moments: tuple[Moment, ...]

    @property
    def is_single(self) -> bool:
        return len(self.moments) == 1

    @property
    def first(self) -> Moment:
        return min(self.moments)

    @property
    def last(self) -> Moment:
        return max(self.moments)

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns to group by beside the entity."""
        return () if self.is_single else (AS_OF,)

    def relation(self, dialect: str) -> ir.Table:
        """The moments as rows of literals: nothing is created on the backend, and what is shown is what runs."""
        one = ibis.literal(1).name("one").as_table()
        if dialect == "pyspark":  # which unnests one array a query
            rows = [{AS_OF: moment.as_of, KNOWN_AT: moment.known_at} for moment in self.moments]
            unnested = one.select(moment=ibis.literal(rows, type=_MOMENTS).unnest())
            return unnested.select(unnested.moment[AS_OF].name(AS_OF), unnested.moment[KNOWN_AT].name(KNOWN_AT))
        days = ibis.literal([moment.as_of for moment in self.moments], type="array<date>")
        times = ibis.literal([moment.known_at for moment in self.moments], type="array<timestamp>")
        return one.select(**{AS_OF: days.unnest(), KNOWN_AT: times.unnest()})

    def as_of(self, relation: ir.Table) -> ir.DateValue:
        return ibis.literal(self.moments[0].as_of, type="date") if self.is_single else relation[AS_OF]

    def known_at(self, relation: ir.Table) -> ir.TimestampValue:
        return ibis.literal(self.moments[0].known_at, type="timestamp") if self.is_single else relation[KNOWN_AT]

    def attach(self, relation: ir.Table, dialect: str) -> ir.Table:
        """The relation beside each moment; itself where there is one."""
        return relation if self.is_single else relation.cross_join(self.relation(dialect))
