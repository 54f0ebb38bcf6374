"""The same report drawn as something else: what it tells apart and counts is kept, what a chart lacks is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keepwell.apps.configuration.editing.entries import Document, name_from
from keepwell.apps.dashboards.building.shapes import DIMENSION, MEASURE
from keepwell.definitions.catalogue import SCORES, holds_accounts, known_table, time_of
from keepwell.definitions.expressions import Name, ValueType
from keepwell.definitions.project import Project
from keepwell.definitions.widgets import widget_model

COUNT = "count()"
_INSIDE = re.compile(r"\s*[a-z_]+\s*\(\s*(.+?)\s*\)\s*", re.IGNORECASE)
_SAME = ("title", "help", "dataset", "where", "period", "drill", "place", "limit", "compare", "share", "within", "bins")
_FORMED = ("by", "rows", "columns", "split", "color")
Parts = dict[str, Any]


@dataclass(frozen=True)
class Usual:
    """What a chart over a dataset begins with. `number`: what can be spread out; `start`: the day that accounts began;
    empty where nobody knows. `time`: None where rows have none."""

    by: str
    split: str
    number: str
    start: str
    time: Any


def usual_of(project: Project, dataset: str) -> Usual:
    """Accounts by band; what happened by month; the rest by the segment or id of its account."""
    accounts = project.with_role("accounts")
    start = str(Name((accounts[1].started_at,))) if accounts is not None and accounts[1].started_at else ""
    if holds_accounts(project, dataset):
        return Usual("label", "scorecard", "score", start, {"of": start, "grain": "month"} if start else None)
    time = "month" if time_of(project, dataset) is not None else None
    return Usual(time or "account.label", "account.label", _number_of(project, dataset), start, time)


def _number_of(project: Project, dataset: str) -> str:
    known = known_table(project, dataset)
    names = known.columns.items() if known else ()
    return next((name for name, kind in names if kind == ValueType.NUMBER and name != "id"), "")


def drawn_as(widget: Document, chart: str, project: Project) -> Parts:
    """The widget as it would be written for another chart. Raises KeyError for a chart that there is none of."""
    model = widget_model(chart)
    usual = usual_of(project, str(widget.get("dataset") or ""))
    made = _MADE[chart](_Parts.of(widget), usual)
    same = {key: widget[key] for key in _SAME if key in widget and key in model.model_fields}
    if (chart in ("sankey", "cohort") and usual.time != "month") or (chart == "line" and usual.time is None):
        same["dataset"] = _followed(project) if chart == "cohort" else SCORES
    whole = {**same, "chart": chart, **made}
    order = [*("title", "help", "chart", "dataset"), *made]
    return {key: whole[key] for key in [*order, *(one for one in whole if one not in order)] if key in whole}


def _followed(project: Project) -> str:
    """The rows that say who is still there: who used what, else who was scored."""
    return next(iter(project.usage_datasets()), SCORES)


@dataclass(frozen=True)
class _Parts:
    """What a widget tells apart, in order, and what it counts, by name."""

    dimensions: tuple[Any, ...]
    measures: Mapping[str, Any]

    @classmethod
    def of(cls, widget: Document) -> _Parts:
        found: list[Any] = []
        for key in (*_FORMED, *(("of",) if widget.get("chart") == "sankey" else ())):
            held = widget.get(key)
            if key == "columns" and widget.get("chart") == "table":
                found += held.values() if isinstance(held, dict) else []
            elif held:
                found.append(held)
        single = {key: widget[key] for key in ("measure", "x", "y", "size") if widget.get(key)}
        held = widget.get("measures")
        named = {**single, **(held if isinstance(held, dict) else {})}
        return cls(tuple(found), _with_names(named))

    @property
    def first(self) -> Any:
        """The first aggregate; formulas need what they name beside them."""
        return next((one for one in self.measures.values() if MEASURE.as_map(one).get("aggregate")), COUNT)

    @property
    def named(self) -> Parts:
        return dict(self.measures) or {"number": COUNT}

    @property
    def one(self) -> Parts:
        """One measure, for charts of two dimensions; a formula with what it names."""
        named = self.named
        formulas = [one for one in named.values() if MEASURE.as_map(one).get("formula")]
        return named if len(named) == 1 or len(formulas) == 1 else dict([next(iter(named.items()))])

    def dimension(self, at: int, otherwise: str) -> Any:
        return self.dimensions[at] if at < len(self.dimensions) else otherwise


def _with_names(measures: Mapping[str, Any]) -> Parts:
    """`measure`, `x` and the like are no names: they are called after what they say."""
    found: Parts = {}
    for key, one in measures.items():
        says = MEASURE.as_map(one)
        words = str(says.get("title") or says.get("aggregate") or "number")
        found[key if key not in ("measure", "x", "y", "size") else name_from(words, list(found), "number")] = one
    return found


def _line(parts: _Parts, usual: Usual) -> Parts:
    timed = [one for one in parts.dimensions if DIMENSION.as_map(one).get("grain")]
    others = [one for one in parts.dimensions if one not in timed]
    by = timed[0] if timed else usual.time or "month"
    return {"by": by, "measures": parts.one if others else parts.named, **({"split": others[0]} if others else {})}


def _stacked(parts: _Parts, usual: Usual) -> Parts:
    return {"by": parts.dimension(0, usual.by), "split": parts.dimension(1, usual.split), "measures": parts.one}


def _heatmap(parts: _Parts, usual: Usual) -> Parts:
    second = parts.dimensions[1:2]
    measures = parts.one if second else parts.named
    return {"rows": parts.dimension(0, usual.by), **({"columns": second[0]} if second else {}), "measures": measures}


def _distribution(parts: _Parts, usual: Usual) -> Parts:
    inside = _INSIDE.fullmatch(str(MEASURE.as_map(parts.first).get("aggregate") or ""))
    of = inside[1] if inside else usual.number
    return {"of": of} if of else {}


def _funnel(parts: _Parts, usual: Usual) -> Parts:
    return {"steps": {"all": {"title": "All", "where": "true"}, "some": {"title": "Of them", "where": "true"}}}


def _table(parts: _Parts, usual: Usual) -> Parts:
    columns: Parts = {}
    for one in parts.dimensions or (usual.by,):
        says = DIMENSION.as_map(one)
        words = str(says.get("title") or says.get("of") or says.get("grain"))
        columns[name_from(words, list(columns), "column")] = one
    return {"columns": columns, "measures": parts.named}


def _scatter(parts: _Parts, usual: Usual) -> Parts:
    aggregates = [one for one in parts.measures.values() if MEASURE.as_map(one).get("aggregate")]
    x, y, *_ = [*aggregates, COUNT, COUNT]
    return {"x": x, "y": y}


def _sankey(parts: _Parts, usual: Usual) -> Parts:
    return {} if parts.first == COUNT else {"measure": parts.first}


_MADE: Mapping[str, Callable[[_Parts, Usual], Parts]] = {
    "number": lambda parts, _: {"measure": parts.first},
    "line": _line,
    "bar": lambda parts, usual: {"by": parts.dimension(0, usual.by), "measures": parts.named},
    "stacked": _stacked,
    "heatmap": _heatmap,
    "distribution": _distribution,
    "funnel": _funnel,
    "cohort": lambda _, usual: {"start": usual.start} if usual.start else {},
    "table": _table,
    "scatter": _scatter,
    "sankey": _sankey,
}
