"""What schemas of several apps share."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

Id = Annotated[int, Field(ge=1, le=2**31 - 1)]
Key = Annotated[str, Field(min_length=1, max_length=200)]


class Sent(Schema):
    """What callers send: a field that there is not is refused, so that nothing misspelt is lost."""

    model_config = ConfigDict(extra="forbid")


class Done(Schema):
    """How many things a call changed."""

    changed: int


class Health(Schema):
    """The newest score. `tone`: bad, middle, good or none, whatever a scheme calls its bands."""

    score: float | None = None
    label: str
    tone: str
    scorecard: str = ""
    as_of: date


def _storable(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise ValueError("the year lies between 1900 and 2200")
    return moment


def _storable_day(day: date) -> date:
    if not 1900 <= day.year <= 2200:
        raise ValueError("the year lies between 1900 and 2200")
    return day


Moment = Annotated[datetime, AfterValidator(_storable)]
Day = Annotated[date, AfterValidator(_storable_day)]


def plain(value: Any) -> Any:
    """A value of a fact or an attribute as JSON has it."""
    return value if isinstance(value, str | int | float | bool | None) else str(value)
