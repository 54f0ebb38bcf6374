"""What a chart is drawn of, and what charts have in common: axes, colours, marks that know their row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from keepwell.apps.dashboards.drawing.tones import ICONS, PALETTE, Tones
from keepwell.apps.dashboards.drawing.words import said
from keepwell.engine.reporting.results import Result, ResultColumn

Option = dict[str, Any]
LABEL: Option = {"formatter": "text", "color": "token:ink", "textBorderWidth": 0}
"""Words at a mark, in the ink of the page."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Drawing:
    """`bands`: the columns that hold bands; `labels`: bands from worst to best; `scores`: the measures that are scores,
    with `tone_of_score` for their colour."""

    result: Result
    rows: Sequence[Row]
    bands: frozenset[str]
    tones: Tones
    labels: Sequence[str]
    scores: frozenset[str] = frozenset()
    tone_of_score: Callable[[float], str] = field(default=lambda _: "none")

    @cached_property
    def columns(self) -> dict[str, ResultColumn]:
        return {one.name: one for one in self.result.columns}

    @property
    def measures(self) -> list[ResultColumn]:
        return [one for one in self.result.columns if one.role == "measure"]

    def said(self, key: str, row: Row) -> str:
        return said(self.columns[key], row[key])

    def values(self, key: str) -> list[Any]:
        """The values of a dimension, each once: bands from worst to best, others as they come."""
        found = list(dict.fromkeys(row[key] for row in self.rows))
        if key not in self.bands:
            return found
        place = {label: at for at, label in enumerate(self.labels)}
        return sorted(found, key=lambda one: (place.get(one, len(place)), str(one)))

    def color(self, key: str, value: Any, at: int = 0) -> str:
        """Of bands the colour of health, else the next of one accent and neutrals."""
        if key in self.bands:
            return f"token:{self.tones.get(str(value), 'none')}"
        return "token:line" if value in (None, "") else PALETTE[at % len(PALETTE)]

    def icon(self, key: str, value: Any) -> str:
        return ICONS[self.tones.get(str(value), "none")] if key in self.bands else "roundRect"


def number_axis(column: ResultColumn, **says: Any) -> Option:
    """From zero, in the unit of the column."""
    form = {"formatter": "percent"} if column.unit == "%" else {"formatter": "compact"}
    return {"type": "value", "axisLabel": form, **says}


def legend(drawing: Drawing, key: str, values: Sequence[Any]) -> Option:
    """Parts by name, with the shape of their tone where they are bands."""
    column = drawing.columns[key]
    data = [{"name": said(column, one), "icon": drawing.icon(key, one)} for one in values]
    return {"show": True, "top": 0, "left": 0, "type": "scroll", "itemWidth": 12, "itemHeight": 10, "data": data}
