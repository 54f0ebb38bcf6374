"""Delays as people write them ("3 business days", "2 weeks"): how long after something a thing is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_PATTERN = r"^\s*(\d{1,4})\s+(business\s+days?|days?|weeks?)\s*$"
_MOST = 3660


@dataclass(frozen=True)
class Delay:
    """So many days, or so many of those on which the team works."""

    days: int
    business: bool = False

    def __str__(self) -> str:
        return f"{self.days} {'business ' if self.business else ''}day{'' if self.days == 1 else 's'}"


def parse_delay(text: object) -> Any:
    """The delay meant by "N days", "N business days" or "N weeks". Raises ValueError for any other text."""
    if isinstance(text, Delay):
        return text
    match = re.match(_PATTERN, text) if isinstance(text, str) else None
    if match is None or int(match[1]) > _MOST:
        raise ValueError(f"'{text}' is not a delay; write 3 business days, 5 days or 2 weeks, at most {_MOST} days")
    return Delay(int(match[1]) * (7 if match[2].startswith("week") else 1), match[2].startswith("business"))


DelayField = Annotated[
    Delay,
    BeforeValidator(parse_delay),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["3 business days", "2 weeks"]}),
]
