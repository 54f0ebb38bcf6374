"""Metrics over ledgers: read of everybody once, then of those alone for whom rows came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from keepwell.apps.customers.models import Relationship
from keepwell.apps.health.live.answered import Answered, Table, dated
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.building.aggregating import Aggregates, Answers, Question
from keepwell.engine.metrics.visible import ENTITY


@dataclass
class OfLedgers:
    """A round is `begun` with both ways to read; metrics over other datasets go to `others`."""

    datasets: frozenset[str] = frozenset()
    _answered: Answered = field(default_factory=Answered)
    _accounts: frozenset[str] = frozenset()
    _everybody: Callable[[], AbstractContextManager[Aggregates]] | None = None
    _some: Aggregates | None = None
    _others: Aggregates | None = None

    def begin(
        self,
        datasets: Collection[str],
        accounts: frozenset[str],
        *,
        everybody: Callable[[], AbstractContextManager[Aggregates]],
        some: Aggregates,
        others: Aggregates,
        anew: bool,
    ) -> Aggregates:
        """The aggregates of a round. `accounts`: for whom rows came; `some` reads theirs."""
        self.datasets, self._accounts = frozenset(datasets), accounts
        self._everybody, self._some, self._others = everybody, some, others
        if anew:
            self._answered.clear()
        return self

    def tables(self, asked: Question, beside: Executor) -> Answers:
        assert self._others is not None
        of_ledgers = asked.where(lambda name: asked.metrics[name].dataset in self.datasets)
        rest = asked.where(lambda name: name not in of_ledgers.metrics)
        if of_ledgers.metrics:
            self._renew(of_ledgers, beside)
        return chain(self._others.tables(rest, beside), self._answered.tables(of_ledgers))

    def _renew(self, asked: Question, beside: Executor) -> None:
        """Other dates than the last are read of everybody."""
        assert self._everybody is not None
        assert self._some is not None
        kept = self._answered.of(asked)
        if kept is None:
            with self._everybody() as everybody:
                self._answered.keep(asked, dated(everybody.tables(asked, beside)))
        elif self._accounts:
            newer = list(dated(self._some.tables(asked, beside)))
            self._answered.keep(asked, _laid_over(kept, newer, self._ids(asked.entity_kind)))

    def _ids(self, kind: EntityKind) -> pa.Array:
        if kind == "account":
            return pa.array(sorted(self._accounts), pa.string())
        units = Relationship.objects.filter(account_id__in=self._accounts).values_list("pk", flat=True)
        return pa.array(sorted(units), pa.string())


def _laid_over(kept: Iterable[Table], newer: Iterable[Table], ids: pa.Array) -> Iterable[Table]:
    """The rows of `ids` from `newer`, all others from `kept`; a question has the same tables each time."""
    by_columns = {(day, frozenset(table.column_names)): table for day, table in newer}
    for day, table in kept:
        mine = by_columns[day, frozenset(table.column_names)]
        rows = [table.filter(pc.invert(_among(table, ids))), mine.filter(_among(mine, ids)).select(table.column_names)]
        yield day, pa.concat_tables(rows, promote_options="permissive").combine_chunks()


def _among(table: pa.Table, ids: pa.Array) -> pa.ChunkedArray:
    """An entity may be a whole number there, and is a text here."""
    return pc.fill_null(pc.is_in(table[ENTITY].cast(pa.string()), value_set=ids), False)
