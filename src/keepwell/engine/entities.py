"""One kind of entity while it is being scored: its values, the metrics added so far, and expressions over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keepwell.definitions.expressions import Expression
from keepwell.definitions.project import Project
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.children import parent_rows
from keepwell.engine.columns import Column, one_array
from keepwell.engine.evaluate import Evaluated, Evaluator
from keepwell.engine.scoring.sources import Entries, entries_of
from keepwell.engine.scoring.validity import Dates
from keepwell.engine.values import EntityValues

Rows = npt.NDArray[np.int64]


class Entities:
    """n entities of one kind. `accounts` are the entities that relationships belong to; None for accounts themselves.

    Metrics that rest on scores are added while scoring goes up the hierarchy. `rows` None means all entities.
    """

    def __init__(self, project: Project, values: EntityValues, as_of: date, accounts: Entities | None = None) -> None:
        self.project = project
        self.values = values
        self.as_of = as_of
        self.observed: dict[str, date | Dates] = dict(values.observed)
        self.silent: dict[str, date | None] = dict(values.silent)
        self._faults: dict[str, int] = {}
        self._accounts = accounts
        self._metrics: dict[str, pa.Array] = {
            name: one_array(values.metrics[name]) for name in values.metrics.column_names
        }
        self._attributes: dict[str, pa.Array] = {}
        self._segments: dict[str, pa.Array] = {}
        self._entries: dict[tuple[str, str], Entries | None] = {}

    def __len__(self) -> int:
        return len(self.values)

    @property
    def kind(self) -> EntityKind:
        return self.values.entity_kind

    @property
    def metrics(self) -> pa.Table:
        """All metrics, those added included."""
        return pa.table(self._metrics) if self._metrics else self.values.metrics

    def add(self, name: str, column: pa.Array) -> None:
        """Adds (or fills in) a metric that rests on scores."""
        self._metrics[name] = column

    def metric(self, name: str) -> pa.Array | None:
        return self._metrics.get(name)

    def column(self, name: str) -> pa.Array | None:
        """The metric of that name, else the attribute; None where there is neither."""
        if name in self._metrics:
            return self._metrics[name]
        if name not in self._attributes and name in self.values.attributes.column_names:
            self._attributes[name] = one_array(self.values.attributes[name])
        return self._attributes.get(name)

    def entries(self, measure: str, source: str) -> Entries | None:
        key = (measure, source)
        if key not in self._entries:
            self._entries[key] = entries_of(self.values.entries, measure, source, len(self))
        return self._entries[key]

    def evaluate(
        self,
        expressions: Mapping[str, Expression],
        rows: Rows | None = None,
        extra: Mapping[str, Column] | None = None,
        where: str = "'{}'",
    ) -> Evaluated:
        """Expressions over the entities at `rows`; `extra` holds further columns of as many rows, found first.

        `where` says in refusals, and in warnings about arithmetic without a result, what the expression of a key is.
        """
        further = extra or {}

        def resolve(name: str) -> Column | None:
            return further[name] if name in further else _at(self.column(name), rows)

        def segment(name: str) -> Column | None:
            return _at(self._segment_of_account(name), rows)

        n = len(self) if rows is None else len(rows)
        evaluator = Evaluator(self.project, resolve, n, self.as_of, segment=segment if self._accounts else None)
        evaluated = evaluator.evaluate(expressions, where)
        for key, count in evaluated.faults.items():
            self.fault(where.format(key), count)
        for name, count in evaluated.segment_faults.items():
            self.fault(f"segment '{name}'", count)
        return evaluated

    def fault(self, where: str, count: int) -> None:
        """Warns that what `where` names had no result for `count` entities; once for each place, and not without
        one.
        """
        if count:
            self._faults[where] = max(count, self._faults.get(where, 0))

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(_fault(where, count, self.kind) for where, count in sorted(self._faults.items()))

    def _segment_of_account(self, name: str) -> pa.Array:
        """Whether the account of each relationship is in a segment; false without an account."""
        if name not in self._segments:
            assert self._accounts is not None
            found = self._accounts.evaluate({name: self.project.segments[name]}, where="segment '{}'").truth(name)
            owners = parent_rows(self._accounts.values.ids, self.values.accounts)
            padded = np.append(found, False)  # -1, no account, finds the last
            self._segments[name] = pa.array(padded[owners])
        return self._segments[name]


def _at(column: pa.Array | None, rows: Rows | None) -> pa.Array | None:
    return column if column is None or rows is None else column.take(pa.array(rows))


def _fault(where: str, count: int, kind: EntityKind) -> str:
    who = f"{count} {kind}" + ("s" if count != 1 else "")
    return f"{where}: arithmetic had no result for {who} (division by zero and the like) and reads as null there"
