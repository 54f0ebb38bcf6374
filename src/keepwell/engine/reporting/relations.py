"""The rows that a query is over: of a dataset and a time, of accounts in sight, with what is known of their account."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import ibis
import ibis.expr.types as ir

from keepwell.definitions.catalogue import SCORES, holds_accounts, known_table, with_known_tables
from keepwell.definitions.expressions import Expression, names_in, segments_in
from keepwell.definitions.project import Project
from keepwell.definitions.widget_reading import ACCOUNT
from keepwell.engine.metrics.compile import Scope, as_condition, compile_expression
from keepwell.engine.metrics.facts import FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.ids import id_text
from keepwell.engine.metrics.visible import ENTITY
from keepwell.engine.moments import Moment, moment
from keepwell.engine.reporting.asking import Asked
from keepwell.engine.reporting.spans import Span
from keepwell.engine.reporting.tables import ACCOUNT_ID, IS_PRESENT, Tables
from keepwell.errors import RequestRefused

_SEGMENT = "segment:"
_JOINED = "kw_joined"


@dataclass(frozen=True)
class Rows:
    """Rows under the names that expressions use; `finite`: columns of floats without NaN."""

    table: ir.Table
    as_of: date
    dialect: str
    finite: frozenset[str] = frozenset()

    def value(self, expression: Expression) -> ir.Value:
        """An expression over the rows."""
        return compile_expression(expression, self.scope).value

    def condition(self, expression: Expression) -> ir.BooleanValue:
        """A condition over the rows; null counts as false."""
        return as_condition(compile_expression(expression, self.scope))

    @property
    def scope(self) -> Scope:
        segments = {
            name.removeprefix(_SEGMENT): self.table[name] for name in self.table.columns if name.startswith(_SEGMENT)
        }
        columns = {name: self.table[name] for name in self.table.columns if not name.startswith("kw_")}
        return Scope(columns, ibis.literal(self.as_of, type="date"), segments, self.dialect, self.finite)

    def where(self, *conditions: Expression | None) -> Rows:
        """Those for which all conditions hold."""
        tests = [self.condition(one) for one in conditions if one is not None]
        return self.of(self.table.filter(*tests)) if tests else self

    def of(self, table: ir.Table) -> Rows:
        """The same names over another relation."""
        return Rows(table, self.as_of, self.dialect, self.finite)


@dataclass(frozen=True)
class Relations:
    """Makes rows for one reader. Nothing is executed here."""

    project: Project
    tables: Tables
    asked: Asked
    account_names: frozenset[str] = frozenset()
    _kept: dict[date, ir.Table | None] = field(default_factory=dict)

    @cached_property
    def reader(self) -> FactReader:
        """Reads datasets, with known tables among them."""
        return FactReader(with_known_tables(self.project), self.tables.table, self.tables.dialect)

    def all_accounts(self, as_of: date) -> ir.Table | None:
        """What the tables know of accounts at a date; asked once."""
        if as_of not in self._kept:
            self._kept[as_of] = self.tables.accounts(as_of, self.account_names)
        return self._kept[as_of]

    def accounts(self, as_of: date, *, segments: Iterable[str] = (), ended: bool = False) -> Rows:
        """Accounts in sight that meet the reader's conditions, with segments as columns. `ended`: also those that did.

        Raises RequestRefused where nothing was kept of the date.
        """
        found = self.all_accounts(as_of)
        if found is None:
            raise RequestRefused(f"nothing was kept of the accounts of {as_of}; scores are kept from the first run on")
        rows = self._with_segments(found, as_of, [*segments, *_segments(self.asked.conditions)])
        rows = rows.where(*self.asked.conditions)
        table = rows.table if ended else rows.table.filter(rows.table[IS_PRESENT])
        if self.asked.sight is not None:
            table = table.semi_join(self.asked.sight, ACCOUNT_ID)
        return rows.of(table)

    def rows(self, dataset: str, span: Span, expressions: Collection[Expression]) -> Rows:
        """Rows of a dataset that happened within a span, with all that the expressions name.

        What is asked of their accounts is asked of them as they are at the date of the report, also for rows of a
        period before: the same accounts are compared. Rows whose account nobody knows count for who sees all accounts
        and narrows nothing; what is asked of their account is null. Accounts themselves are as they were at the end of
        the span.
        """
        names = {name.dotted for one in expressions for name in names_in(one)}
        segments = _segments(expressions)
        if holds_accounts(self.project, dataset):
            return self._of_accounts(span.last, names, segments)
        dotted = {name for name in names if name.startswith(f"{ACCOUNT}.")}
        facts = self._facts(dataset, span, frozenset(names - dotted - {ACCOUNT_ID}))
        if dotted or segments or self.asked.narrows:
            facts = self._joined(facts, dotted, segments)
        own = known_table(self.project, dataset)
        finite = frozenset(dotted) | (own.columns.keys() if own and dataset == SCORES else frozenset())
        return Rows(facts, span.last, self.tables.dialect, finite)

    def _of_accounts(self, as_of: date, names: Collection[str], segments: Collection[str]) -> Rows:
        self._refuse_unkept(as_of, names, segments)
        rows = self.accounts(as_of, segments=segments)
        table = rows.table
        dotted = {name: name.removeprefix(f"{ACCOUNT}.") for name in names if name.startswith(f"{ACCOUNT}.")}
        known = {name: table[own] for name, own in dotted.items() if own in table.columns and name not in table.columns}
        return Rows(table.mutate(**known) if known else table, as_of, rows.dialect, frozenset({*table.columns, *known}))

    def _refuse_unkept(self, as_of: date, names: Collection[str], segments: Collection[str]) -> None:
        """Raises RequestRefused for what is known of accounts as they are, and was not kept of an earlier date."""
        then, now = self.all_accounts(as_of), self.all_accounts(self.asked.as_of)
        if then is None or now is None or as_of == self.asked.as_of:
            return
        inside = _in_order(self.project.segments, [*segments, *_segments(self.asked.conditions)])
        read = [*self.asked.conditions, *(self.project.segments[name] for name in inside)]
        wanted = {name.removeprefix(f"{ACCOUNT}.") for name in names}
        wanted |= {name.dotted for one in read for name in names_in(one)}
        if lost := sorted((wanted & {*now.columns}) - {*then.columns}):
            told = ", ".join(f"'{name}'" for name in lost)
            raise RequestRefused(
                f"what {told} was on {as_of} is not kept; take a period that ends now, or leave it out"
            )

    def _facts(self, dataset: str, span: Span, columns: frozenset[str]) -> ir.Table:
        of = self.reader.project.datasets[dataset]
        if of.account is None:
            raise RequestRefused(f"rows of '{dataset}' do not say which account they belong to; give it an 'account'")
        known = self.asked.known_at
        zone = self.project.settings.time_zone
        until = moment(self.asked.as_of, zone, known).known_at  # what is known now of the period before
        grid = Grid((Moment(span.last, until),))
        timed = of.occurred_at or of.changed_at
        facts = self.reader.facts(dataset, "account", grid, columns=columns, horizon=span.days if timed else None)
        return facts.mutate(**{ACCOUNT_ID: id_text(facts[ENTITY])})

    def _joined(self, facts: ir.Table, dotted: Collection[str], segments: Collection[str]) -> ir.Table:
        accounts = self.accounts(self.asked.as_of, segments=segments, ended=True).table
        own = {name: name.removeprefix(f"{ACCOUNT}.") for name in sorted(dotted)}
        chosen = {name: accounts[column] for name, column in own.items() if column in accounts.columns}
        chosen |= {_SEGMENT + name: accounts[_SEGMENT + name] for name in sorted(segments)}
        if not chosen:
            return facts.semi_join(accounts, ACCOUNT_ID)
        side = accounts.select(**{_JOINED: accounts[ACCOUNT_ID]}, **chosen)
        join = facts.inner_join if self.asked.narrows else facts.left_join
        return join(side, [(ACCOUNT_ID, _JOINED)]).drop(_JOINED)

    def _with_segments(self, accounts: ir.Table, as_of: date, wanted: Iterable[str]) -> Rows:
        """With a boolean column for each segment, those that others name first."""
        columns = frozenset(accounts.columns)
        rows = Rows(accounts, as_of, self.tables.dialect, columns)
        for name in _in_order(self.project.segments, wanted):
            truth = rows.condition(self.project.segments[name])
            rows = rows.of(rows.table.mutate(**{_SEGMENT + name: truth}))
        return rows


def _segments(expressions: Iterable[Expression]) -> list[str]:
    return list(dict.fromkeys(name for one in expressions for name in segments_in(one)))


def _in_order(segments: Mapping[str, Expression], wanted: Iterable[str]) -> list[str]:
    """The wanted segments and those they name, each behind what it names; there are no circles."""
    found: dict[str, None] = {}
    for name in wanted:
        if name in segments and name not in found:
            found |= dict.fromkeys([*_in_order(segments, segments_in(segments[name])), name])
    return list(found)
