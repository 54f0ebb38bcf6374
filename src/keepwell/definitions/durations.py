"""Durations as people write them ("28 days", "4 weeks"), kept as a number of days."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

_PATTERN = r"^\s*(\d{1,5})\s+(day|days|week|weeks)\s*$"
_MOST = 36_525
"""A hundred years: dates so far back still lie in the calendar."""
_DAYS = {"day": 1, "days": 1, "week": 7, "weeks": 7}


def parse_days(text: object) -> int:
    """Days meant by "N days" or "N weeks", at most 36,525. Raises ValueError for anything else; a week is 7 days."""
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    match = re.match(_PATTERN, text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(
            f"'{text}' is not a duration; write a whole number of days or weeks, such as 28 days or 4 weeks"
        )
    days = int(match[1]) * _DAYS[match[2]]
    if days > _MOST:
        raise ValueError(f"'{text}' is too long; a duration has at most {_MOST} days")
    return days


def print_days(days: int) -> str:
    """The text that `parse_days` reads back."""
    return "1 day" if days == 1 else f"{days} days"


_schema = WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["28 days", "4 weeks"]})

Days = Annotated[int, BeforeValidator(parse_days), Field(ge=1), PlainSerializer(print_days), _schema]
"""A duration of at least one day."""

DaysFromZero = Annotated[int, BeforeValidator(parse_days), Field(ge=0), PlainSerializer(print_days), _schema]
"""A duration that may be "0 days"."""
