"""From plan to Ibis: one table expression a step, one row an entity (and moment), one column a request.

Beside each request `m` stand, where they mean something, `observed:m` (the day of the latest row that entered it) and
`faults:m` (rows whose arithmetic had no result). Nothing is executed here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s

import ibis
import ibis.expr.types as ir

from keepwell.definitions.expressions import Aggregate, Expression, Name, names_in
from keepwell.definitions.scorecards import EntityKind
from keepwell.engine.metrics.aggregates import aggregate_value, all_of, enters, fold_value, partial_values
from keepwell.engine.metrics.compile import Scope, compile_expression
from keepwell.engine.metrics.compiling.dialects import to_code_points
from keepwell.engine.metrics.facts import AGE, KEY, FactReader
from keepwell.engine.metrics.grid import Grid
from keepwell.engine.metrics.plan import OBSERVED_ON_THE_DAY, DatasetPlan, Direct, Pivot, Request
from keepwell.engine.metrics.visible import DAY, ENTITY, RECORDED, TIME

OBSERVED = "observed:"
FAULTS = "faults:"
ARGUMENT = "kw_argument"
_RANKED = frozenset({"latest", "earliest"})


@dataclass(frozen=True)
class Lowering:
    """Turns dataset plans into table expressions over `reader`, for all moments of `grid`."""

    reader: FactReader
    grid: Grid

    def tables(self, plan: DatasetPlan) -> list[ir.Table]:
        facts = self.reader.facts(
            plan.dataset, plan.entity_kind, self.grid, columns=columns_of(plan), horizon=plan.horizon
        )
        return [
            self._pivot(facts, step, plan.horizon) if isinstance(step, Pivot) else self._direct(facts, step)
            for step in plan.steps
        ]

    def newest(self, dataset: str) -> ir.Table:
        """`newest`: the day of the newest row that counts at each moment, over all accounts."""
        kind: EntityKind = "account" if self.reader.project.datasets[dataset].account else "relationship"
        facts = self.reader.facts(dataset, kind, self.grid, columns=frozenset())
        keys = self.grid.keys
        return (facts.group_by(list(keys)) if keys else facts).aggregate(newest=facts[DAY].max())

    def entering(self, facts: ir.Table, request: Request) -> ir.Table:
        """The rows of `facts` that enter a request, with its argument, where it has one, as `kw_argument`."""
        _, argument, _ = self.parts(facts, request)
        rows = facts if argument is None else facts.mutate(**{ARGUMENT: argument})
        condition, argument, _ = self.parts(rows, request)
        entered = enters(argument, condition)
        return rows if entered is None else rows.filter(entered)

    def _direct(self, facts: ir.Table, step: Direct) -> ir.Table:
        for request in step.requests:
            if request.aggregate.function in _RANKED:
                facts = self.ranked(facts, request)
        outputs: dict[str, ir.Value] = {}
        for request in step.requests:
            outputs |= self._outputs(facts, request)
        return facts.group_by([ENTITY, *self.grid.keys]).aggregate(**outputs)

    def _outputs(self, facts: ir.Table, request: Request) -> dict[str, ir.Value]:
        condition, argument, fault = self.parts(facts, request)
        if request.aggregate.function in _RANKED:
            condition = all_of(condition, facts[rank_name(request)] == 0)
        outputs = {
            request.name: aggregate_value(facts, request.aggregate, argument, condition, request.window, self._dialect)
        }
        if request.aggregate.function not in OBSERVED_ON_THE_DAY and DAY in facts.columns:
            outputs[OBSERVED + request.name] = facts[DAY].max(where=enters(argument, condition))
        if fault is not None:
            outputs[FAULTS + request.name] = facts.count(where=fault)
        return outputs

    def parts(
        self, facts: ir.Table, request: Request, horizon: int | None = None
    ) -> tuple[ir.BooleanValue | None, ir.Value | None, ir.BooleanValue | None]:
        """The condition (null: every row), the argument (null: none) and the fault of a request.

        Rows known to lie within `horizon` days are not asked for their age again.
        """
        where, where_fault = self._compiled(facts, request.where)
        argument, argument_fault = self._compiled(facts, request.aggregate.argument)
        recent = facts[AGE] < request.window if request.window and request.window != horizon else None
        faults = [fault for fault in (where_fault, argument_fault) if fault is not None]
        fault = None if not faults else faults[0] if len(faults) == 1 else faults[0] | faults[1]
        return all_of(recent, where), argument, fault

    def _compiled(
        self, facts: ir.Table, expression: Expression | None
    ) -> tuple[ir.Value | None, ir.BooleanValue | None]:
        if expression is None:
            return None, None
        scope = Scope(
            columns={name.parts[0]: facts[name.parts[0]] for name in names_in(expression)},
            as_of=self.grid.as_of(facts),
            dialect=self._dialect,
        )
        compiled = compile_expression(expression, scope)
        return compiled.value, compiled.fault

    def ranked(self, facts: ir.Table, request: Request) -> ir.Table:
        """Ranks the rows that enter `latest` or `earliest` in a column of `rank_name`, from 0.

        Ties break by recorded_at, then key, then the larger value.
        """
        condition, argument, _ = self.parts(facts, request)
        assert argument is not None
        latest = request.aggregate.function == "latest"
        by = [facts[TIME], facts[RECORDED], *([self._ordered(facts[KEY])] if KEY in facts.columns else [])]
        order = [column.desc() if latest else column.asc() for column in by]
        enters_it = enters(argument, condition)
        assert enters_it is not None  # its argument must not be null
        entering = ibis.ifelse(enters_it.fill_null(False), 0, 1)
        larger = self._ordered(argument).desc()
        window = ibis.window(group_by=[ENTITY, *self.grid.keys], order_by=[entering, *order, larger])
        return facts.mutate(**{rank_name(request): ibis.row_number().over(window)})

    def _pivot(self, facts: ir.Table, step: Pivot, horizon: int | None) -> ir.Table:
        """Two groupings: by entity and the column's value, then by entity, picking values and folding over them."""
        keys = [ENTITY, *self.grid.keys]
        partials: dict[str, ir.Value] = {}
        for index, partial in enumerate(step.partials):
            request = Request(f"p{index}", partial.aggregate, partial.where, partial.window)
            condition, argument, _ = self.parts(facts, request, horizon)
            partials |= partial_values(facts, request, argument, condition, self._dialect)
        small = facts.group_by([*keys, step.column]).aggregate(**partials)
        index_of = {partial: index for index, partial in enumerate(step.partials)}
        outputs: dict[str, ir.Value] = {}
        for pick in step.picks:
            is_value = small[step.column] == pick.value
            outputs[pick.request.name] = fold_value(
                small, f"p{index_of[pick.partial]}", pick.request, is_value, None, self._dialect
            )
        counts_distinct = any(fold.request.aggregate.function == "count_distinct" for fold in step.folds)
        distinct, _ = self._compiled(small, Name((step.column,)) if counts_distinct else None)  # NaN is null
        for fold in step.folds:
            outputs[fold.request.name] = fold_value(
                small, f"p{index_of[fold.partial]}", fold.request, None, distinct, self._dialect
            )
        return small.group_by(keys).aggregate(**outputs)

    def _ordered(self, column: ir.Value) -> ir.Value:
        return to_code_points(column, self._dialect)

    @property
    def _dialect(self) -> str:
        return self.reader.dialect


def columns_of(plan: DatasetPlan) -> frozenset[str]:
    """The columns of the dataset that a plan reads."""
    columns = {step.column for step in plan.steps if isinstance(step, Pivot)}
    for request in plan.requests:
        for expression in expressions_of(request.aggregate, request.where):
            columns |= {name.parts[0] for name in names_in(expression)}
    return frozenset(columns)


def expressions_of(aggregate: Aggregate, where: Expression | None) -> Iterable[Expression]:
    return (expression for expression in (aggregate.argument, where) if expression is not None)


def rank_name(request: Request) -> str:
    """A column of its own for each request, within the 63 bytes that PostgreSQL tells apart."""
    name = f"rank:{request.name}"
    return name if len(name) < 64 else f"{name[:46]}:{blake2s(name.encode(), digest_size=8).hexdigest()}"
