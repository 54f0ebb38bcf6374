"""Periods of dashboards as people write them: `90 days`, `6 months`, `this_quarter`, `last_year`, `all`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from keepwell.definitions.names import nearest

Unit = Literal["day", "week", "month", "quarter", "year"]
Place = Literal["rolling", "this", "last", "all"]

_UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")
_ROLLING = re.compile(r"\s*(\d{1,5})\s+(day|week|month|quarter|year)s?\s*")
_MOST = {"day": 36_525, "week": 5_217, "month": 1_200, "quarter": 400, "year": 100}


@dataclass(frozen=True)
class Period:
    """Days up to a date. `rolling`: so many units ending with it; `this`, `last`: a calendar unit; `all`: any day."""

    place: Place
    unit: Unit = "day"
    count: int = 1

    def __str__(self) -> str:
        if self.place == "rolling":
            return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"
        return "all" if self.place == "all" else f"{self.place}_{self.unit}"


WORDS: dict[str, Period] = {
    str(one): one for place in ("this", "last") for unit in _UNITS[1:] for one in (Period(place, unit),)
} | {"all": Period("all")}
"""Periods that are words of their own."""


def parse_period(text: object) -> Period:
    """The period meant. Raises ValueError for anything else than `N days|weeks|months|quarters|years` and `WORDS`."""
    if isinstance(text, Period):
        return text
    if isinstance(text, str) and text.strip() in WORDS:
        return WORDS[text.strip()]
    found = _ROLLING.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        near = nearest(text, WORDS) if isinstance(text, str) else None
        meant = f"; did you mean '{near}'?" if near else ";"
        raise ValueError(f"'{text}' is not a period{meant} write 90 days, 12 weeks, 6 months, or {', '.join(WORDS)}")
    unit: Any = found[2]
    count = int(found[1])
    if not 1 <= count <= _MOST[unit]:
        raise ValueError(f"'{text}' is not a period; write from 1 to {_MOST[unit]} {unit}s")
    return Period("rolling", unit, count)


PeriodField = Annotated[
    Period,
    BeforeValidator(parse_period),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": rf"^ *(\d{{1,5}} +(day|week|month|quarter|year)s?|{'|'.join(WORDS)}) *$",
            "examples": ["90 days", "6 months", "this_quarter"],
        }
    ),
]
