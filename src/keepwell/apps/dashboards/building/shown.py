"""A widget as forms show it: what it tells apart, what it counts, what it leaves out, and what is wrong with each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.configuration.editing.fields import Field
from keepwell.apps.configuration.editing.form import FormField, Path
from keepwell.apps.configuration.editing.shown import Showing, Shown
from keepwell.apps.dashboards.building.fields import FIRST, chart_of, widget_fields
from keepwell.apps.dashboards.building.shapes import NamedField, OneField, Shape

_LABELS = {
    "by": "Told apart by", "split": "And by", "rows": "Rows", "columns": "Columns", "color": "Coloured by", "of": "Of",
    "measure": "The number", "measures": "Numbers", "x": "To the right", "y": "Upwards", "size": "How large",
    "steps": "Steps", "filters": "Filters that readers may use",
}  # fmt: skip
_OF_NUMBERS = ("measure", "measures", "x", "y", "size")
_AT_ONCE = {
    "dimension": ("of", "grain"), "measure": ("aggregate",), "step": ("title", "where"), "filter": ("of", "where"),
}  # fmt: skip
"""What of a part is seen at once; the rest is behind a word."""


@dataclass(frozen=True)
class Row:
    """One dimension, measure, step or filter. `key`: the input of its name, None where there is one alone."""

    words: str
    inputs: Sequence[Shown]
    more: Sequence[Shown]
    key: Shown | None = None
    is_new: bool = False

    @property
    def says_more(self) -> bool:
        return any(one.value or one.errors for one in self.more)


@dataclass(frozen=True)
class Group:
    """Parts of one kind: `named` ones come and go, and the last row is to type another in."""

    name: str
    key: str
    label: str
    noun: str
    rows: Sequence[Row]
    errors: Sequence[str]
    named: bool = False
    required: bool = False

    @property
    def id(self) -> str:
        return self.name.replace("/", "-")


@dataclass(frozen=True)
class WidgetShown:
    """`words`: what it is called; `chart` empty: drawn in a way that the form does not know."""

    path: str
    name: str
    words: str
    chart: str
    first: Sequence[Shown]
    apart: Sequence[Group]
    counted: Sequence[Group]
    only: Sequence[Shown]
    more: Sequence[Shown]
    errors: Sequence[str]

    @property
    def says_more(self) -> bool:
        return any(one.errors for one in self.more)

    @property
    def wrong(self) -> int:
        """How much there is to mend."""
        of_inputs = sum(len(one.errors) for one in (*self.first, *self.only, *self.more))
        return len(self.errors) + of_inputs + sum(len(one.errors) for one in (*self.apart, *self.counted))


def widget_shown(showing: Showing, path: Path, widget: Any) -> WidgetShown:
    """All inputs of one widget."""
    fields = list(widget_fields(path, widget))
    plain = {field.input.key: showing.shown(field) for field in fields if isinstance(field, Field)}
    groups = [group_shown(showing, field) for field in fields if isinstance(field, OneField)]
    only = [plain.pop(key) for key in ("where", "period") if key in plain]
    first = [plain.pop(key) for key in FIRST if key in plain]
    said = widget.get("title") if isinstance(widget, dict) else None
    name = str(path[-1]) if path else ""
    whole = "/".join(map(str, path))
    apart = [one for one in groups if one.key not in _OF_NUMBERS]
    own = [plain.pop(key) for key in ("of", "start") if key in plain]
    return WidgetShown(
        whole, name, said if isinstance(said, str) and said else name.replace("_", " ").capitalize(), chart_of(widget),
        first, apart, [one for one in groups if one.key in _OF_NUMBERS], [*own, *only], list(plain.values()),
        showing.errors.get(whole, ()),
    )  # fmt: skip


def group_shown(showing: Showing, field: OneField) -> Group:
    """One part, or all of a map of parts."""
    key = str(field.path[-1])
    noun = field.shape.noun
    if isinstance(field, NamedField):
        places = field.places(showing.values)
        rows = [_row(showing, field, at, at == places[-1]) for at in places]
    else:
        rows = [_one(showing, field.shape, field.path, _LABELS.get(key, key))]
    below = [text for name, texts in showing.errors.items() if name.startswith(f"{field.name}/") for text in texts]
    errors = [*showing.errors.get(field.name, ()), *below]
    named = isinstance(field, NamedField)
    return Group(field.name, key, _LABELS.get(key, key), noun, rows, errors, named, field.required)


def _row(showing: Showing, field: NamedField, at: int, is_last: bool) -> Row:
    value = showing.values.get(f"{field.name}/{at}/key", "")
    words = value or f"another {field.shape.noun}"
    one = _one(showing, field.shape, (*field.path, at), words)
    empty = is_last and not value and not any(shown.value for shown in (*one.inputs, *one.more))
    key = Shown(f"{field.name}/{at}/key", "Name", "text", value, (), empty="made of what it says")
    return replace(one, key=key, is_new=empty)


def _one(showing: Showing, shape: Shape, path: Path, words: str) -> Row:
    shown = {field.input.key: showing.shown(field) for field in shape.fields(path)}
    at_once = [shown[key] for key in _AT_ONCE[shape.noun]]
    return Row(words, at_once, [one for key, one in shown.items() if key not in _AT_ONCE[shape.noun]])


def places_of(fields: Iterable[FormField], values: Any) -> list[str]:
    """What something can be wrong with beside fields: parts by their names."""
    found = []
    for field in fields:
        if isinstance(field, NamedField):
            keys = (values.get(f"{field.name}/{at}/key") for at in field.places(values))
            found += [f"{field.name}/{key}" for key in keys if key]
    return found
