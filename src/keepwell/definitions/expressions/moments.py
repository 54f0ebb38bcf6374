"""Dates and times as texts write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from keepwell.definitions.expressions.types import ValueType

MOMENT_FORMS = "'2024-01-31', '2024-01-31 09:30', '2024-01-31 09:30:00'"

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?", re.ASCII)


@dataclass(frozen=True)
class Moment:
    """A day, or a local time without zone."""

    value: date

    @property
    def type(self) -> ValueType:
        return ValueType.TIMESTAMP if isinstance(self.value, datetime) else ValueType.DATE


def moment_of(text: str) -> Moment | None:
    """The date or local time that an ISO text writes; None for everything else."""
    match = _MOMENT.fullmatch(text)
    try:
        if match is None:
            return None
        return Moment(date.fromisoformat(text) if match[2] is None else datetime.fromisoformat(text))
    except ValueError:
        return None


def date_of(text: str) -> date | None:
    """The day that an ISO date such as `2024-01-31` writes; None for everything else."""
    moment = moment_of(text)
    return None if moment is None or moment.type is ValueType.TIMESTAMP else moment.value
