"""When a survey takes no more answers: on a day, or so long after each was asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from keepwell.definitions.durations import parse_days, print_days

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Closing:
    """One of both: `on`, the last day on which answers are taken; `after_days`, so many days after the invitation."""

    on: date | None = None
    after_days: int | None = None

    def __str__(self) -> str:
        return self.on.isoformat() if self.on is not None else print_days(self.after_days or 1)


def parse_closing(text: Any) -> Any:
    """The closing meant by `2026-12-31` or `30 days`. Raises ValueError for anything else."""
    if isinstance(text, Closing):
        return text
    if isinstance(text, str) and _DAY.fullmatch(text.strip()):
        try:
            return Closing(on=date.fromisoformat(text.strip()))
        except ValueError:
            raise ValueError(f"'{text}' is no day of the calendar") from None
    if not isinstance(text, str):
        raise ValueError(f"'{text}' does not say when; write a day such as 2026-12-31, or 30 days after the invitation")
    days = parse_days(text)
    if days < 1:
        raise ValueError("a survey is open for at least 1 day")
    return Closing(after_days=days)


ClosingField = Annotated[
    Closing,
    BeforeValidator(parse_closing),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^\s*(\d{4}-\d{2}-\d{2}|\d{1,5}\s+(days?|weeks?))\s*$",
            "examples": ["2026-12-31", "30 days"],
        }
    ),
]
