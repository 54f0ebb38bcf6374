"""The plan of metrics over one dataset: small frozen nodes that say what is computed together, and print themselves.

Metrics that share a dataset are computed in one pass. Where many of them differ only in `column = 'value'`, rows are
first grouped by that column too, which leaves a small table to pick from; breadth, activity and totals over all values
are folded from the same small table.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from keepwell.definitions.expressions import Aggregate, Binary, Expression, Literal, Name, may_fault
from keepwell.definitions.metrics import AggregateMetric
from keepwell.definitions.scorecards import EntityKind

MOST_DAYS_IN_BITS = 420
"""Distinct days of longer windows are not kept as bits, and so not folded."""

OBSERVED_ON_THE_DAY = frozenset({"count", "count_distinct", "sum", "days_active", "distinct_days"})
"""Aggregates whose observation is the date itself; of all others it is the day of the latest row that entered."""

_WORTH_A_PIVOT = 3
"""So many metrics must share a column before rows are grouped by it first."""


@dataclass(frozen=True)
class Request:
    """One metric to compute: an aggregate over rows where `where` holds, of the last `window` days (None: all)."""

    name: str
    aggregate: Aggregate
    where: Expression | None
    window: int | None

    def __str__(self) -> str:
        where = f" where {self.where}" if self.where is not None else ""
        window = f" over {self.window} days" if self.window else ""
        return f"{self.name} = {self.aggregate}{where}{window}"


@dataclass(frozen=True)
class Partial:
    """An aggregate per entity and value of the pivot column. Several requests may read the same one."""

    aggregate: Aggregate
    where: Expression | None
    window: int | None


@dataclass(frozen=True)
class Pick:
    """A request answered by the partial of one value of the pivot column."""

    request: Request
    value: str | float | bool
    partial: Partial


@dataclass(frozen=True)
class Fold:
    """A request over all values of the pivot column, folded from a partial of each."""

    request: Request
    partial: Partial


Part = Pick | Fold


@dataclass(frozen=True)
class Pivot:
    """Groups rows by entity and `column`, then picks and folds."""

    column: str
    picks: tuple[Pick, ...]
    folds: tuple[Fold, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return (*self.picks, *self.folds)

    @property
    def partials(self) -> tuple[Partial, ...]:
        return tuple(dict.fromkeys(part.partial for part in self.parts))

    def __str__(self) -> str:
        return (
            f"by {self.column}: {len(self.picks)} picked, {len(self.folds)} folded from {len(self.partials)} partials"
        )


@dataclass(frozen=True)
class Direct:
    """Requests answered by one grouping by entity."""

    requests: tuple[Request, ...]

    def __str__(self) -> str:
        return f"direct: {', '.join(request.name for request in self.requests)}"


@dataclass(frozen=True)
class DatasetPlan:
    """All requests over one dataset for entities of one kind, within one horizon (days; None: everything)."""

    dataset: str
    entity_kind: EntityKind
    horizon: int | None
    steps: tuple[Pivot | Direct, ...]

    @property
    def requests(self) -> tuple[Request, ...]:
        picked = [part.request for step in self.steps if isinstance(step, Pivot) for part in step.parts]
        return (*picked, *(request for step in self.steps if isinstance(step, Direct) for request in step.requests))

    def __str__(self) -> str:
        horizon = f"last {self.horizon} days" if self.horizon else "all days"
        return "\n  ".join([f"{self.dataset} ({self.entity_kind}s, {horizon})", *map(str, self.steps)])


def plan_metrics(
    metrics: Mapping[str, AggregateMetric], entity_kind: EntityKind, *, foldable: frozenset[str], pivots: bool = True
) -> tuple[DatasetPlan, ...]:
    """Plans for all `metrics`, by dataset and by whether they have a window.

    `foldable` names the aggregates that the backend can fold from partials; `pivots=False` gives every metric an
    aggregate of its own, the plain transcription that the plan must agree with.
    """
    grouped: dict[tuple[str, bool], list[Request]] = defaultdict(list)
    for name, metric in sorted(metrics.items()):
        request = Request(name, metric.aggregate, metric.where, metric.window)
        grouped[metric.dataset, metric.window is not None].append(request)
    return tuple(
        DatasetPlan(dataset, entity_kind, _horizon(requests), tuple(_steps(requests, foldable, pivots)))
        for (dataset, _), requests in sorted(grouped.items())
    )


def _horizon(requests: Iterable[Request]) -> int | None:
    windows = [request.window for request in requests]
    return max(window for window in windows if window) if all(windows) else None


def _steps(requests: list[Request], foldable: frozenset[str], pivots: bool) -> Iterable[Pivot | Direct]:
    left = requests
    if pivots:
        for column in _pivot_columns(requests):
            pivot = _pivot(column, left, foldable)
            done = {part.request for part in pivot.parts}
            left = [request for request in left if request not in done]
            if done:
                yield pivot
    if left:
        yield Direct(tuple(left))


def _pivot_columns(requests: list[Request]) -> Iterable[str]:
    """First the column that many requests compare with a literal, then each whose distinct values are counted."""
    shared = shared_column(requests)
    distinct = {
        str(request.aggregate.argument.parts[0])
        for request in requests
        if request.aggregate.function == "count_distinct" and isinstance(request.aggregate.argument, Name)
    }
    return [shared, *sorted(distinct - {shared})] if shared else sorted(distinct)


def shared_column(requests: Iterable[Request]) -> str | None:
    """The column that many requests compare with a literal, None where none is worth grouping by."""
    counted = Counter(equal[0] for request in requests for equal in equalities(request.where))
    best = max(counted.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return best[0] if best[1] >= _WORTH_A_PIVOT else None


def _pivot(column: str, requests: Sequence[Request], foldable: frozenset[str]) -> Pivot:
    picks: list[Pick] = []
    folds: list[Fold] = []
    days_window = _longest_of_days(requests) if "days_active" in foldable else None
    for request in requests:
        if _can_fault(request):
            continue
        equal = next((found for found in equalities(request.where) if found[0] == column), None)
        if equal is not None and _is_pickable(request.aggregate):
            rest = without(request.where, equal)
            window = days_window if days_window and _has_bits(request) else request.window
            picks.append(Pick(request, equal[1], Partial(request.aggregate, rest, window)))
        elif (partial := _folded(request, column, foldable, days_window)) is not None:
            folds.append(Fold(request, partial))
    if not picks:  # only distinct values are worth a pass of their own
        folds = [fold for fold in folds if fold.request.aggregate.function == "count_distinct"]
    return Pivot(column, tuple(picks), tuple(_from_days(picks, folds, days_window)))


def _from_days(picks: Sequence[Pick], folds: Sequence[Fold], days_window: int | None) -> Iterable[Fold]:
    """Distinct values told by the days on which they stood, where these are kept anyway."""
    kept = {*(pick.partial for pick in picks), *(fold.partial for fold in folds)}
    for fold in folds:
        request = fold.request
        days = Partial(Aggregate("days_active", None), request.where, days_window)
        reaches = request.window is not None and days_window is not None and request.window <= days_window
        counts = request.aggregate.function == "count_distinct"
        yield Fold(request, days) if counts and reaches and days in kept else fold


def _can_fault(request: Request) -> bool:
    """Whether an expression may become null by arithmetic, which is counted row by row and never grouped first."""
    return any(
        expression is not None and may_fault(expression) for expression in (request.aggregate.argument, request.where)
    )


def _is_pickable(aggregate: Aggregate) -> bool:
    """A group keeps no day of its rows, which the observation of the others needs."""
    return aggregate.function in OBSERVED_ON_THE_DAY


def _has_bits(request: Request) -> bool:
    """Whether its days fit in bits. Requests of different windows then share the bits of the longest one."""
    return (
        request.aggregate.function == "days_active"
        and request.window is not None
        and request.window <= MOST_DAYS_IN_BITS
    )


def _longest_of_days(requests: Iterable[Request]) -> int | None:
    return max((request.window for request in requests if request.window and _has_bits(request)), default=None)


def _folded(request: Request, column: str, foldable: frozenset[str], days_window: int | None) -> Partial | None:
    aggregate = request.aggregate
    if aggregate.function not in foldable or aggregate.function not in OBSERVED_ON_THE_DAY:
        return None
    if aggregate.function == "days_active":
        return Partial(aggregate, request.where, days_window) if _has_bits(request) else None
    if aggregate.function == "count_distinct":
        if aggregate.argument != Name((column,)):
            return None
        if request.window is None:
            return Partial(Aggregate("count", None), request.where, None)
        return Partial(Aggregate("days_since_latest", None), request.where, None)  # one serves all windows
    return Partial(aggregate, request.where, request.window)


def equalities(where: Expression | None) -> tuple[tuple[str, str | float | bool, Expression], ...]:
    """The conjuncts of the form `column = literal`: column, value, and the conjunct itself."""
    found = []
    for conjunct in conjuncts(where):
        if isinstance(conjunct, Binary) and conjunct.operator == "=":
            left, right = conjunct.left, conjunct.right
            if isinstance(left, Literal):
                left, right = right, left
            if (
                isinstance(left, Name)
                and len(left.parts) == 1
                and isinstance(right, Literal)
                and isinstance(right.value, str)
            ):
                found.append((left.parts[0], right.value, conjunct))
    return tuple(found)


def conjuncts(where: Expression | None) -> tuple[Expression, ...]:
    if where is None:
        return ()
    if isinstance(where, Binary) and where.operator == "and":
        return (*conjuncts(where.left), *conjuncts(where.right))
    return (where,)


def without(where: Expression | None, equal: tuple[str, str | float | bool, Expression]) -> Expression | None:
    """`where` less one conjunct."""
    left: Expression | None = None
    for conjunct in conjuncts(where):
        if conjunct != equal[2]:
            left = conjunct if left is None else Binary("and", left, conjunct)
    return left
