"""Metrics that rest on scores: filled in from the bottom of the hierarchy up, as scores become known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from graphlib import TopologicalSorter

import numpy as np
import pyarrow as pa

from keepwell.definitions.dependencies import references, score_dependent
from keepwell.definitions.expressions import names_in
from keepwell.definitions.metrics import OVERALL_SCORE, ChangeMetric, ChildrenMetric, FormulaMetric, MetricBase
from keepwell.definitions.project import Project
from keepwell.engine.changes import change
from keepwell.engine.children import (
    NO_PARENT,
    aggregate_children,
    hierarchy,
    oldest_child,
    parent_rows,
    rows_of_parents,
)
from keepwell.engine.columns import nullable, numbers
from keepwell.engine.entities import Entities, Rows
from keepwell.engine.scores import EntityScores, Floats
from keepwell.engine.scoring.validity import Dates
from keepwell.engine.values import longest_silence, silences_of


def resting_on_scores(project: Project) -> list[str]:
    """The metrics that rest on scores, each behind those it is computed from."""
    names = score_dependent(project)
    inputs = {
        name: {other for kind, other in references(project, ("metrics", name)) if kind == "metrics"} & names
        for name in sorted(names)
    }
    return list(TopologicalSorter(inputs).static_order())


def over_accounts(project: Project, names: list[str]) -> bool:
    """Whether some of `names` are taken over child accounts, so that accounts are scored from the bottom up."""
    metrics = (project.metrics[name] for name in names)
    return any(isinstance(metric, ChildrenMetric) and metric.of == "accounts" for metric in metrics)


class Ascent:
    """Fills the metrics that rest on scores into `accounts`, for those whose children are scored.

    `finals` [n] are the accounts' final scores as far as they are known; whoever scores a layer writes them here.
    """

    def __init__(self, accounts: Entities, relationships: Entities | None, scored: EntityScores | None) -> None:
        self.finals: Floats = np.full(len(accounts), np.nan)
        self.names = resting_on_scores(accounts.project)
        self._accounts = accounts
        self._relationships = relationships
        self._scored = scored
        self._parents = parent_rows(accounts.values.ids, accounts.values.parents)
        for name in self.names:
            self._date(name, accounts.project.metrics[name])

    def layers(self) -> Iterator[Rows]:
        """Rows of accounts, children before parents; all at once where nothing is taken over child accounts."""
        if not over_accounts(self._accounts.project, self.names):
            yield np.arange(len(self._accounts))
            return
        heights = np.maximum(hierarchy(self._parents).heights, 0)  # in a circle nothing is taken over children
        for height in range(int(heights.max(initial=0)) + 1):
            yield np.flatnonzero(heights == height)

    def with_parents(self, rows: Rows) -> Rows:
        return rows[self._parents[rows] != NO_PARENT]

    def fill(self, rows: Rows) -> None:
        """Computes the metrics for `rows`, whose children all have their final scores."""
        for name in self.names:
            metric = self._accounts.project.metrics[name]
            if isinstance(metric, ChildrenMetric):
                found = self._over_children(metric, rows)
            elif isinstance(metric, ChangeMetric):
                found = self._change(name, metric, rows)
            else:
                assert isinstance(metric, FormulaMetric)
                found = self._accounts.evaluate({name: metric.formula}, rows, where="metric '{}'").columns[name]
            self._accounts.add(name, _scatter(self._accounts.metric(name), rows, found, len(self._accounts)))

    def _over_children(self, metric: ChildrenMetric, rows: Rows) -> pa.Array:
        children, n = self._children(metric), len(self._accounts)
        if children is None:
            return pa.nulls(len(rows), pa.float64())
        here = np.zeros(n + 1, np.bool_)  # the last one is found by NO_PARENT
        here[rows] = True
        parents = rows_of_parents(metric, self._accounts.values.ids, children.values)
        parents = np.where(here[parents], parents, NO_PARENT)
        values = (
            self._scores_of_children(metric)
            if metric.children == OVERALL_SCORE
            else _numbers(children, metric.children)
        )
        weights = None if metric.weight is None else _numbers(children, metric.weight)
        return nullable(aggregate_children(values, parents, n, metric.aggregate, weights)[rows])

    def _children(self, metric: ChildrenMetric) -> Entities | None:
        return self._accounts if metric.of == "accounts" else self._relationships

    def _scores_of_children(self, metric: ChildrenMetric) -> Floats:
        if metric.of == "accounts":
            return self.finals
        assert self._scored is not None
        return self._scored.finals

    def _change(self, name: str, metric: ChangeMetric, rows: Rows) -> pa.Array:
        """Null without an earlier value in `values.previous`."""
        previous, now = self._accounts.values.previous.get(name), self._accounts.column(metric.change_of)
        if previous is None or now is None:
            return pa.nulls(len(rows), pa.float64())
        at = pa.array(rows)
        return change(metric, nullable(numbers(now.take(at))), nullable(numbers(previous.take(at))))

    def _date(self, name: str, metric: MetricBase) -> None:
        """The observation of a metric is the oldest of its inputs, and it is silent where one of them is."""
        if isinstance(metric, ChildrenMetric):
            entities, inputs = self._children(metric), {metric.children}
        else:
            entities, inputs = self._accounts, _inputs(metric)
        if entities is None:
            return
        silent = silences_of(entities.silent, inputs)
        if silent:
            self._accounts.silent[name] = longest_silence(silent)
        days = [entities.observed[one] for one in sorted(inputs) if one in entities.observed]
        if days and isinstance(metric, ChildrenMetric):
            parents = rows_of_parents(metric, self._accounts.values.ids, entities.values)
            every = np.zeros(len(entities))
            self._accounts.observed[name] = oldest_child(days[0], every, parents, len(self._accounts))
        elif days:
            self._accounts.observed[name] = _oldest(days, self._accounts.as_of, len(self._accounts))


def _inputs(metric: MetricBase) -> set[str]:
    if isinstance(metric, ChangeMetric):
        return {metric.change_of}
    assert isinstance(metric, FormulaMetric)
    return {name.dotted for name in names_in(metric.formula)}


def _oldest(days: list[date | Dates], as_of: date, n: int) -> Dates:
    oldest = np.full(n, np.datetime64(as_of, "D"))
    for one in days:
        oldest = np.fmin(oldest, np.broadcast_to(np.asarray(one, "datetime64[D]"), n))  # fmin: NaT counts for nothing
    return oldest


def _numbers(entities: Entities, name: str) -> Floats:
    column = entities.column(name)
    return np.full(len(entities), np.nan) if column is None else numbers(column)


def _scatter(column: pa.Array | None, rows: Rows, found: pa.Array, n: int) -> pa.Array:
    """`column` (null so far where there is none) with `found` at `rows`."""
    places = np.arange(n)
    places[rows] = n + np.arange(len(rows))
    before = pa.nulls(n, found.type) if column is None else column
    return pa.concat_arrays([before, found]).take(pa.array(places))
