"""The fields of the form of a dashboard, and of its widgets by what they are drawn as."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, get_args

from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.fields import Field, fields_of_model, held_at
from keepwell.apps.configuration.editing.form import FormField, Path
from keepwell.apps.configuration.editing.inputs import Input
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.apps.dashboards.building.shapes import DIMENSION, FILTER, MEASURE, STEP, NamedField, OneField, Shape
from keepwell.definitions.dashboards import Dashboard, Role
from keepwell.definitions.widgets import CHARTS, WidgetBase, widget_model

WIDGETS: Path = ("widgets",)
ROLES: tuple[str, ...] = get_args(Role)
ONE: dict[str, Shape] = {
    "by": DIMENSION, "split": DIMENSION, "rows": DIMENSION, "color": DIMENSION, "measure": MEASURE, "x": MEASURE,
    "y": MEASURE, "size": MEASURE,
}  # fmt: skip
"""Parts of widgets that there is one of, by key; `columns` and `of` are one in some charts alone."""
NAMED: dict[str, Shape] = {"measures": MEASURE, "steps": STEP}
FIRST = ("title", "chart", "dataset")
COMMON = (*FIRST, "where", "period")
_SKIPPED = ("place", "chart")


@dataclass(frozen=True)
class RolesField(Field):
    """Roles: one alone may stand without a list."""

    def held(self, document: Document) -> Any:
        held = super().held(document)
        return [held] if isinstance(held, str) else held


def widgets_of(dashboard: Document) -> Document:
    """Its widgets as written, by name."""
    held = dashboard.get("widgets")
    return held if isinstance(held, dict) else {}


def chart_of(widget: Any) -> str:
    """Empty for what the form does not know."""
    chart = widget.get("chart") if isinstance(widget, dict) else None
    return chart if isinstance(chart, str) and chart in CHARTS else ""


def own_fields() -> Iterator[FormField]:
    """Inputs of the dashboard itself."""
    for field in fields_of_model((), Dashboard):
        if field.input.key == "roles":
            yield RolesField(field.path, replace(field.input, kind="chosen", choices=ROLES))
        else:
            yield field
    yield NamedField(("filters",), FILTER)


def widget_fields(path: Path, widget: Any) -> Iterator[FormField]:
    """Inputs of one widget: what all have, then what its chart has."""
    chart = chart_of(widget)
    if not chart:
        return
    model = widget_model(chart)
    inputs = {field.input.key: field for field in fields_of_model(path, model)}
    yield Field((*path, "chart"), _CHART)
    for key in model.model_fields:
        if (found := _field((*path, key), key, chart, model, inputs)) is not None:
            yield found


def _field(path: Path, key: str, chart: str, model: type[WidgetBase], inputs: dict[str, Field]) -> FormField | None:
    if key in _SKIPPED:
        return None
    if (shape := named_shape(key, chart)) is not None:
        return NamedField(path, shape)
    if (shape := one_shape(key, chart)) is not None:
        return OneField(path, shape, model.model_fields[key].is_required())
    if key == "compare":
        return Field(path, _COMPARE)
    if key == "drill":
        return Field(path, replace(inputs[key].input, kind="lines"))
    return inputs.get(key)


def one_shape(key: str, chart: str) -> Shape | None:
    """The shape of a part that there is one of."""
    if (key == "columns" and chart == "heatmap") or (key == "of" and chart == "sankey"):
        return DIMENSION
    return ONE.get(key)


def named_shape(key: str, chart: str) -> Shape | None:
    """The shape of a part that there are several of by name."""
    return DIMENSION if key == "columns" and chart == "table" else NAMED.get(key)


_CHART = Input("chart", "choice", "What it is drawn as", required=True, choices=CHARTS)
_COMPARE = Input("compare", "choice", "What it is compared with", choices=("previous_period",))


def fields_of(dashboard: Document) -> Iterator[FormField]:
    """Every field of a dashboard."""
    yield from own_fields()
    for name, widget in widgets_of(dashboard).items():
        yield from widget_fields((*WIDGETS, name), widget)


def same_part(before: Document, now: Document, path: Path) -> bool:
    """Whether the widget that a field belongs to is drawn as the same still."""
    if path[0] != "widgets":
        return True
    own, theirs = held_at(before, path[:2]), held_at(now, path[:2])
    return ABSENT not in (own, theirs) and (chart_of(own) == chart_of(theirs) or path[2:] == ("chart",))
