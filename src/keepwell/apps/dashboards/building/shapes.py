"""Parts of widgets that may be written as a text alone: dimensions and measures, and maps of such parts by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from keepwell.apps.configuration.editing.entries import Document, name_from
from keepwell.apps.configuration.editing.fields import Field, held_at, is_sent, name_of
from keepwell.apps.configuration.editing.form import Path, Typed
from keepwell.apps.configuration.editing.inputs import Input, inputs_of
from keepwell.apps.configuration.editing.scalars import ABSENT
from keepwell.definitions.base import Definition
from keepwell.definitions.dashboards import PageFilter
from keepwell.definitions.widget_parts import GRAINS, Dimension, ReportMeasure
from keepwell.definitions.widgets import FunnelStep

Values = dict[str, Any]


def _as_it_is(values: Values) -> Any:
    return values


def _nothing(text: str) -> Values:
    return {}


@dataclass(frozen=True)
class Shape:
    """What one such part is made of. `opened`: a text alone as a map; `closed`: a map as a text where it may be one.

    `called`: keys of which a name is made for one that was given none.
    """

    noun: str
    inputs: tuple[Input, ...]
    called: tuple[str, ...]
    opened: Callable[[str], Values] = _nothing
    closed: Callable[[Values], Any] = _as_it_is

    def as_map(self, held: Any) -> Document:
        """What stands in a file, as a map."""
        if isinstance(held, dict):
            return held
        return self.opened(str(held)) if isinstance(held, str | int | float) else {}

    def fields(self, path: Path) -> Iterator[Field]:
        yield from (Field((*path, one.key), one) for one in self.inputs)

    def shown(self, path: Path, held: Any) -> dict[str, str]:
        part = self.as_map(held)
        found: dict[str, str] = {}
        for field in self.fields(path):
            found |= field.shown(part.get(field.input.key, ABSENT))
        return found

    def meant(self, path: Path, given: Typed) -> Any:
        """The part that was typed; ABSENT for nothing."""
        meant = {field.input.key: field.meant(given) for field in self.fields(path)}
        values = {key: one for key, one in meant.items() if one is not ABSENT}
        return self.closed(values) if values else ABSENT


def _open_dimension(text: str) -> Values:
    return {"grain": text} if text in GRAINS else {"of": text}


def _close_dimension(values: Values) -> Any:
    if values.keys() == {"grain"} or (values.keys() == {"of"} and values["of"] not in GRAINS):
        return next(iter(values.values()))
    return values


def _close_measure(values: Values) -> Any:
    return values["aggregate"] if values.keys() == {"aggregate"} else values


def _inputs(model: type[Definition], **kinds: Any) -> tuple[Input, ...]:
    return tuple(replace(one, **kinds.get(one.key, {})) for one in inputs_of(model))


_TYPED = {"kind": "expression"}
DIMENSION = Shape("dimension", _inputs(Dimension), ("title", "of", "grain"), _open_dimension, _close_dimension)
MEASURE = Shape(
    "measure", _inputs(ReportMeasure, aggregate=_TYPED), ("title", "aggregate", "formula"),
    lambda text: {"aggregate": text}, _close_measure,
)  # fmt: skip
STEP = Shape("step", _inputs(FunnelStep), ("title", "where"))
FILTER = Shape("filter", _inputs(PageFilter), ("title", "of", "where"))


@dataclass(frozen=True)
class OneField:
    """One dimension or measure."""

    path: Path
    shape: Shape
    required: bool = False
    loose: bool = False

    @property
    def name(self) -> str:
        return name_of(self.path)

    def place(self, document: Document) -> Path:
        return self.path

    def held(self, document: Document) -> Any:
        return held_at(document, self.path)

    def shown(self, held: Any) -> dict[str, str]:
        return self.shape.shown(self.path, held)

    def meant(self, given: Typed) -> Any:
        return self.shape.meant(self.path, given)

    def is_sent(self, given: Typed) -> bool:
        return is_sent(self.name, given)


@dataclass(frozen=True)
class NamedField(OneField):
    """Several by name: a row of inputs for each, and one more to type another in. A row of which nothing but its name
    is left is gone; one without a name gets one of what it says."""

    spare: int = 1

    def shown(self, held: Any) -> dict[str, str]:
        rows = [*held.items()] if isinstance(held, dict) else []
        found: dict[str, str] = {}
        for at, (key, part) in enumerate([*rows, *[("", ABSENT)] * self.spare]):
            found |= {f"{self.name}/{at}/key": str(key), **self.shape.shown((*self.path, at), part)}
        return found

    def meant(self, given: Typed) -> Any:
        found: dict[str, Any] = {}
        for at in self.places(given):
            part = self.shape.meant((*self.path, at), given)
            if part is not ABSENT:
                found[self._key(at, given, part, list(found))] = part
        return found or ABSENT

    def places(self, given: Typed) -> list[int]:
        """The rows that were sent, or are shown."""
        pattern = re.compile(rf"{re.escape(self.name)}/(\d{{1,4}})/key")
        return sorted(int(matched[1]) for one in given if (matched := pattern.fullmatch(one)))

    def _key(self, at: int, given: Typed, part: Any, taken: list[str]) -> str:
        key = given[f"{self.name}/{at}/key"].strip()
        if key and key not in taken:
            return key
        says = self.shape.as_map(part)
        words = key or next((str(says[one]) for one in self.shape.called if says.get(one)), "")
        return name_from(words, taken, self.shape.noun)[:60]


def names_of(held: Any) -> tuple[str, ...]:
    """The names of a map of parts, as written."""
    return tuple(map(str, held)) if isinstance(held, Mapping) else ()
