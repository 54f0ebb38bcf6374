"""Which metrics can be advanced from one moment to a later one, what is kept for them, and why the others cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s

import ibis.expr.datatypes as dt
import ibis.expr.schema as sch

from keepwell.definitions.datasets import Dataset
from keepwell.definitions.expressions import Aggregate, AsOf, Expression, Name, may_fault, names_in, walk
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.project import Project
from keepwell.definitions.versions import Versions
from keepwell.engine.metrics.lowering import expressions_of
from keepwell.engine.metrics.plan import (
    MOST_DAYS_IN_BITS,
    Request,
    equalities,
    shared_column,
    without,
)

_ROWS = Aggregate("count", None)
_ADVANCED = frozenset({"count", "sum", "count_distinct", "days_active", "days_since_latest"})
_DISCRETE = (dt.String, dt.Integer, dt.Boolean, dt.Date, dt.UUID)


@dataclass(frozen=True)
class DayPartial:
    """A count of rows, or a sum of whole numbers, per entity and day. Several requests may rest on the same one."""

    aggregate: Aggregate
    where: Expression | None


@dataclass(frozen=True)
class Advance:
    """A request, and the partial it rests on: of one value of its group's column, or of all (None)."""

    request: Request
    partial: DayPartial
    value: str | None = None

    @property
    def adds_up(self) -> bool:
        """Whether it is a sum over days: these need to know again what falls out of the window."""
        return self.request.aggregate.function in ("count", "sum")


@dataclass(frozen=True)
class DayGroup:
    """Rows by entity, day and, where there is one, the value of `column`."""

    column: str | None
    advances: tuple[Advance, ...]

    @property
    def partials(self) -> tuple[DayPartial, ...]:
        return tuple(dict.fromkeys(advance.partial for advance in self.advances))

    @property
    def adding(self) -> tuple[tuple[DayPartial, int | None], ...]:
        """Partials that are summed over days, with each window they are summed over."""
        found = ((one.partial, one.request.window) for one in self.advances if one.adds_up)
        return tuple(dict.fromkeys(found))

    def __str__(self) -> str:
        by = f"by {self.column}: " if self.column else ""
        return f"{by}{len(self.advances)} metrics from {len(self.partials)} partials a day"


@dataclass(frozen=True)
class AdvancePlan:
    """The metrics over one dataset that are advanced together. `horizon`: days looked back at; None: all.

    `weight`: the column that says how many events a row stands for, where it makes no difference to these metrics
    whether rows alike are added up to one; None: rows are told apart.
    """

    dataset: str
    horizon: int | None
    groups: tuple[DayGroup, ...]
    weight: str | None = None

    @property
    def requests(self) -> tuple[Request, ...]:
        return tuple(advance.request for group in self.groups for advance in group.advances)

    def __str__(self) -> str:
        horizon = f"last {self.horizon} days" if self.horizon else "all days"
        return "\n  ".join([f"{self.dataset} ({horizon})", *map(str, self.groups)])


def plan_advances(dataset: str, metrics: Mapping[str, AggregateMetric], events: str | None = None) -> AdvancePlan:
    """The plan for metrics over one dataset, all with a window or all without, that can be advanced. `events`: the
    dataset's column that says how many events a row stands for."""
    requests = [Request(name, one.aggregate, one.where, one.window) for name, one in sorted(metrics.items())]
    column = shared_column(requests)
    groups: dict[str | None, list[Advance]] = {}
    for request in requests:
        by, advance = _advance(request, column)
        groups.setdefault(by, []).append(advance)
    windows = [request.window for request in requests if request.window]
    ordered = sorted(groups.items(), key=lambda item: item[0] or "")
    weight = events if all(_adds_up_alike(request, events) for request in requests) else None
    found = tuple(DayGroup(by, tuple(advances)) for by, advances in ordered)
    return AdvancePlan(dataset, max(windows, default=None), found, weight)


def _adds_up_alike(request: Request, events: str | None) -> bool:
    """Whether the result stays the same where rows that differ in `events` alone become one with their sum."""
    function, argument = request.aggregate.function, request.aggregate.argument
    named = {name.parts[0] for name in names_in(argument)} if argument is not None else set()
    if function == "count" or (function == "sum" and not isinstance(argument, Name)):
        return False
    return (named == {events} if function == "sum" else events not in named) and not _names(request.where, events)


def _names(condition: Expression | None, column: str | None) -> bool:
    return condition is not None and any(name.parts[0] == column for name in names_in(condition))


def _advance(request: Request, column: str | None) -> tuple[str | None, Advance]:
    """The column to group by, and how the request rests on that group."""
    function, argument = request.aggregate.function, request.aggregate.argument
    if function == "count_distinct":
        assert isinstance(argument, Name)
        return argument.parts[0], Advance(request, DayPartial(_ROWS, request.where))
    aggregate = request.aggregate if function in ("count", "sum") else _ROWS
    equal = next((one for one in equalities(request.where) if one[0] == column), None)
    if equal is not None:
        return column, Advance(request, DayPartial(aggregate, without(request.where, equal)), str(equal[1]))
    return column, Advance(request, DayPartial(aggregate, request.where))


def identity(project: Project, plan: AdvancePlan) -> str:
    """A hash of all that a plan's numbers rest on: what is kept under another one is of no use to it."""
    dataset = Versions(project).of("datasets", plan.dataset)
    said = [dataset, project.settings.time_zone, *map(str, plan.requests), f"counted by {plan.weight}"]
    return blake2s("\n".join(said).encode(), digest_size=16).hexdigest()


def why_not(metric: AggregateMetric, dataset: Dataset, schema: sch.Schema) -> str | None:
    """Why a metric is read in full at every moment, None where it can be advanced to the same numbers."""
    return _why_not_dataset(dataset) or _why_not_rows(metric, dataset) or _why_not_aggregate(metric, schema)


def _why_not_dataset(dataset: Dataset) -> str | None:
    if not dataset.occurred_at:
        return "its rows have no time"
    if dataset.changed_at or dataset.deleted:
        return "its rows have a history"
    if dataset.via:
        return "its rows take their account from another dataset, which may change"
    return "its rows begin at a date of their own" if dataset.started_at else None


def _why_not_rows(metric: AggregateMetric, dataset: Dataset) -> str | None:
    expressions = tuple(expressions_of(metric.aggregate, metric.where))
    if any(isinstance(node, AsOf) for expression in expressions for node in walk(expression)):
        return "it looks at as_of"
    later = {*dataset.known_later, dataset.ended_at}
    named = [name.parts[0] for expression in expressions for name in names_in(expression)]
    if revealed := sorted(set(named) & later):
        return f"it reads {', '.join(revealed)}, known later"
    return "its arithmetic may have no result" if any(map(may_fault, expressions)) else None


def _why_not_aggregate(metric: AggregateMetric, schema: sch.Schema) -> str | None:
    function, argument = metric.aggregate.function, metric.aggregate.argument
    if function not in _ADVANCED:
        return f"{function}() cannot be advanced"
    kind = schema[argument.parts[0]] if isinstance(argument, Name) else None
    if function == "sum" and not isinstance(kind, dt.Integer):
        return "it sums numbers that may have fractions"
    if function == "sum" and not metric.zero_when_empty:
        return "it tells a sum of nothing from 0"
    if function == "count_distinct" and not isinstance(kind, _DISCRETE):
        return "it counts values that are not the column of a text, whole number, boolean or date"
    if function == "days_active" and (metric.window is None or metric.window > MOST_DAYS_IN_BITS):
        return f"its days are more than {MOST_DAYS_IN_BITS}"
    return None


def all_partials(groups: Iterable[DayGroup]) -> tuple[DayPartial, ...]:
    """The partials of all groups, each once."""
    return tuple(dict.fromkeys(partial for group in groups for partial in group.partials))


def columns_of(groups: Sequence[DayGroup]) -> frozenset[str]:
    """The columns of the dataset that groups read."""
    partials = [partial for group in groups for partial in group.partials]
    return frozenset(_named(partials)) | {group.column for group in groups if group.column}


def _named(partials: Iterable[DayPartial]) -> Iterable[str]:
    for partial in partials:
        for expression in expressions_of(partial.aggregate, partial.where):
            yield from (name.parts[0] for name in names_in(expression))
