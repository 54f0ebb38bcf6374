"""Numbers, metrics and effects in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import isnan

from keepwell.definitions.metrics import AggregateMetric, AttributeMetric, ChangeMetric, ChildrenMetric, FormulaMetric
from keepwell.definitions.project import Project
from keepwell.engine.explain.explanation import Value

UNASSIGNED = "unassigned"
"""The label of an entity that no scorecard applies to."""


def number(value: float) -> str:
    """A number as people write it: without a point where it is whole, else with up to four decimals."""
    if value == int(value):
        return str(int(value))
    if abs(value) < 0.001:
        return f"{value:.3g}"
    return f"{value:.4f}".rstrip("0").rstrip(".")


def points(change: float) -> str:
    """A change of a score with its sign and one decimal."""
    return f"{change:+.1f}"


def rounded(score: float) -> str:
    """A score inside a sentence: one decimal at most; nothing for NaN."""
    return "nothing" if isnan(score) else number(round(float(score), 1))


def listed(names: Sequence[str]) -> str:
    """In their order: `a, b and c`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def share(part: float) -> str:
    return f"{part:.0%}" if part >= 0.01 or part == 0 else f"{part:.1%}"


def days(count: int) -> str:
    return f"{count} day" + ("s" if count != 1 else "")


def said(value: Value) -> str:
    """A value inside a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float | int):
        return number(value)
    return value.isoformat() if isinstance(value, date) else f"'{value}'"


def effect_words(kind: str, value: float | str | None) -> str:
    """`at most red`, `set to 20`."""
    shown = number(value) if isinstance(value, float | int) else str(value)
    return f"{'set to' if kind == 'set' else kind.replace('_', ' ')} {shown}"


def definition_words(project: Project, name: str) -> str:
    """What a metric is: `count_distinct(user_id) of logins over 28 days`."""
    metric = project.metrics[name]
    if isinstance(metric, AttributeMetric):
        return f"attribute {metric.attribute}"
    if isinstance(metric, AggregateMetric):
        window = f" over {days(metric.window)}" if metric.window else ""
        where = f" where {metric.where}" if metric.where is not None else ""
        return f"{metric.aggregate} of {metric.dataset}{window}{where}"
    if isinstance(metric, ChangeMetric):
        return f"{metric.as_} change of {metric.change_of} over {days(metric.over)}"
    if isinstance(metric, ChildrenMetric):
        weighted = f", weighted by {metric.weight}" if metric.weight else ""
        return f"{metric.aggregate} of {metric.children} over child {metric.of}{weighted}"
    assert isinstance(metric, FormulaMetric)
    return str(metric.formula)
