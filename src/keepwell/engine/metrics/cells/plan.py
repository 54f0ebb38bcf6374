"""What is reduced to cells for which metrics, and why the others cannot be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import ibis.expr.datatypes as dt
import ibis.expr.schema as sch

from keepwell.definitions.expressions import Aggregate, AsOf, Expression, Name, may_fault, names_in, walk
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.engine.metrics.lowering import expressions_of
from keepwell.engine.metrics.plan import OBSERVED_ON_THE_DAY, DatasetPlan, Direct, Fold, Part, Pivot, Request

Kind = Literal["rows", "sum", "least", "largest", "age", "rank", "faults"]
"""What is kept of a cell's rows: how many enter, their sum, their extremes, the age of the latest of them, which of
them ranks first by time, or how many fault."""

Answer = Literal["added", "present", "days", "averaged", "extreme", "aged", "ranked", "faults"]
"""How cells make a metric: added up, as the number of groups (of days) that have rows, as a mean, ..."""


@dataclass(frozen=True)
class CellPartial:
    kind: Kind
    aggregate: Aggregate
    where: Expression | None


@dataclass(frozen=True)
class CellPart:
    """A request, how it is answered from a partial, and from which value of the grouping (None: from all).

    `nullable`: no rows give null and not 0.
    """

    request: Request
    answer: Answer
    partial: CellPartial
    value: str | None = None
    nullable: bool = False

    @property
    def partials(self) -> tuple[CellPartial, ...]:
        """All that it is answered from."""
        return (
            self.partial,
            *([self.entered] if self.counts else []),
            *([self.latest] if self.observes and self.answer != "ranked" else []),
        )

    @property
    def counts(self) -> bool:
        """Whether it must be known how many rows entered."""
        return self.nullable or self.answer == "averaged"

    @property
    def entered(self) -> CellPartial:
        return CellPartial("rows", Aggregate("count", self.partial.aggregate.argument), self.partial.where)

    @property
    def latest(self) -> CellPartial:
        return CellPartial("age", self.partial.aggregate, self.partial.where)

    @property
    def observes(self) -> bool:
        """Whether it is an observation of the latest row that entered."""
        return self.answer != "faults" and self.request.aggregate.function not in OBSERVED_ON_THE_DAY


@dataclass(frozen=True)
class Reduction:
    """Rows by entity, cell and, where there is one, the value of `by`: a column, or an expression whose values count.

    `days`: days are counted and not rows, those with rows that enter the one partial.
    `listed`: rows are listed by entity and value, and not grouped by cell.
    """

    by: Expression | None
    parts: tuple[CellPart, ...]
    days: bool = False
    listed: bool = False

    @property
    def partials(self) -> tuple[CellPartial, ...]:
        return tuple(dict.fromkeys(partial for part in self.parts for partial in part.partials))

    def __str__(self) -> str:
        what = "days" if self.days else "rows listed" if self.listed else "rows"
        by = f" by {self.by}" if self.by is not None else ""
        return f"{what}{by}: {len(self.parts)} metrics from {len(self.partials)} partials"


_ROWS = Aggregate("count", None)
_ANSWERS: Mapping[str, tuple[Answer, Kind]] = {
    "count": ("added", "rows"),
    "sum": ("added", "sum"),
    "avg": ("averaged", "sum"),
    "min": ("extreme", "least"),
    "max": ("extreme", "largest"),
    "days_since_latest": ("aged", "age"),
    "latest": ("ranked", "rank"),
    "earliest": ("ranked", "rank"),
}


_SHARED = {*_ANSWERS, "count_distinct", "days_active"}


def is_reducible(project: Project, metric: AggregateMetric) -> bool:
    """Whether moments share cells for a metric; for others each needs the rows as they read at that moment."""
    dataset = project.datasets[metric.dataset]
    if not dataset.occurred_at or dataset.changed_at or dataset.deleted or dataset.started_at:
        return False
    if dataset.via and project.datasets[dataset.via.via].changed_at:
        return False
    expressions = tuple(expressions_of(metric.aggregate, metric.where))
    if any(isinstance(node, AsOf) for expression in expressions for node in walk(expression)):
        return False
    later = {*dataset.known_later, dataset.ended_at}
    reads = {name.parts[0] for expression in expressions for name in names_in(expression)}
    return metric.aggregate.function in _SHARED and not reads & later


def plan_cells(
    plan: DatasetPlan, schema: sch.Schema, *, lists: bool, nullable: Collection[str] = ()
) -> tuple[Reduction, ...]:
    """Everything that a plan of reducible requests needs.

    `schema`: of the dataset's rows. `lists`: whether pivots may list rows. `nullable`: requests for which no rows give
    null and not 0.
    """
    found: list[Reduction] = []
    grouped: dict[tuple[Expression | None, bool, Expression | None], list[CellPart]] = defaultdict(list)
    for step in (_plain(step, schema) for step in plan.steps):
        left: Pivot | Direct = step
        if lists and isinstance(step, Pivot):
            listed, left = _listed(step)
            found.append(listed)
        for by, days, part in _parts(left):
            grouped[by, days, part.partial.where if days else None].append(part)
    for request in plan.requests:
        if any(map(may_fault, expressions_of(request.aggregate, request.where))):
            faults = CellPartial("faults", request.aggregate, request.where)
            grouped[None, False, None].append(CellPart(replace(request, window=plan.horizon), "faults", faults))
    found += [Reduction(by, tuple(parts), days) for (by, days, _), parts in grouped.items()]
    return tuple(_with_nulls(one, nullable) for one in found if one.parts)


def _with_nulls(reduction: Reduction, nullable: Collection[str]) -> Reduction:
    parts = (
        replace(part, nullable=part.partial.kind == "sum" and part.request.name in nullable) for part in reduction.parts
    )
    return replace(reduction, parts=tuple(parts))


def _plain(step: Pivot | Direct, schema: sch.Schema) -> Pivot | Direct:
    """A pivot by a column of texts, whose values are told apart here; another one's requests are taken directly."""
    if isinstance(step, Direct) or isinstance(schema[step.column], dt.String):
        return step
    return Direct(tuple(part.request for part in step.parts))


def _listed(step: Pivot) -> tuple[Reduction, Direct]:
    """What lists of rows answer, and what they do not: other values than those of the column."""
    parts, left = [], []
    for part in step.parts:
        days = CellPart(part.request, "days", CellPartial("rows", _ROWS, part.partial.where), _value(part))
        told = days if part.request.aggregate.function == "days_active" else _of_pivot(part)
        if told is None:
            left.append(part.request)
        else:
            parts.append(told)
    return Reduction(Name((step.column,)), tuple(parts), listed=True), Direct(tuple(left))


def _parts(step: Pivot | Direct) -> Iterator[tuple[Expression | None, bool, CellPart]]:
    """What rows are grouped by, whether their days are counted, and what is answered from that."""
    if isinstance(step, Direct):
        yield from (_direct(request) for request in step.requests)
        return
    column = Name((step.column,))
    for part in step.parts:
        grouped, value = _of_pivot(part), _value(part)
        if grouped is not None:
            yield column, False, grouped
        elif part.request.aggregate.function == "days_active" and value is not None:
            yield column, True, CellPart(part.request, "added", CellPartial("rows", _ROWS, part.partial.where), value)
        else:
            yield _direct(part.request)


def _value(part: Part) -> str | None:
    return None if isinstance(part, Fold) else str(part.value)


def _of_pivot(part: Part) -> CellPart | None:
    """A part of a pivot that rows by entity and value answer; None where they do not."""
    request, where = part.request, part.partial.where
    if request.aggregate.function == "count_distinct" and isinstance(part, Fold):
        return CellPart(request, "present", CellPartial("rows", _ROWS, where))
    if request.aggregate.function in ("count", "sum"):
        answer, kind = _ANSWERS[request.aggregate.function]
        return CellPart(request, answer, CellPartial(kind, request.aggregate, where), _value(part))
    return None


def _direct(request: Request) -> tuple[Expression | None, bool, CellPart]:
    function = request.aggregate.function
    if function == "days_active":
        return None, True, CellPart(request, "added", CellPartial("rows", _ROWS, request.where))
    if function == "count_distinct":
        return (
            request.aggregate.argument,
            False,
            CellPart(request, "present", CellPartial("rows", _ROWS, request.where)),
        )
    answer, kind = _ANSWERS[function]
    return None, False, CellPart(request, answer, CellPartial(kind, request.aggregate, request.where))
