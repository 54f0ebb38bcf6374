"""Dates that fall on days when people work: weekends and public holidays of a calendar, days of a time zone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from keepwell.definitions.delays import Delay
from keepwell.errors import RequestRefused

_CODE = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,8}))?")


@dataclass(frozen=True)
class Calendar:
    """`zone`: an IANA name. `holidays`: a country or a part of one (DE, DE-BY, US-CA); empty for weekends alone."""

    zone: str = "UTC"
    holidays: str = ""

    def today(self, now: datetime) -> date:
        """The day it is there at a moment with a time zone."""
        return now.astimezone(ZoneInfo(self.zone)).date()

    def is_business_day(self, day: date) -> bool:
        return bool(_days(self.holidays).is_working_day(day))

    def holiday(self, day: date) -> str:
        """What the day is called; empty for a day that is none."""
        return str(_days(self.holidays).get(day) or "")

    def after(self, day: date, business_days: int) -> date:
        """So many business days later; with 0 the day itself or the next one that people work."""
        return _days(self.holidays).get_nth_working_day(day, business_days)

    def due(self, day: date, delay: Delay) -> date:
        """When something is due that begins on a day."""
        return self.after(day, delay.days) if delay.business else day + timedelta(days=delay.days)


def checked_holidays(code: str) -> str:
    """The code of a calendar of holidays as it is kept. Raises RequestRefused for one that nobody keeps."""
    code = code.strip().upper()
    if not code:
        return ""
    found = _CODE.fullmatch(code)
    if found is None:
        raise RequestRefused(f"'{code}' is no calendar of holidays; name a country or a part of one: DE, DE-BY, US-CA")
    known = countries()
    if found[1] not in known:
        raise RequestRefused(f"there is no calendar of holidays for the country '{found[1]}'; it has two letters: DE")
    if found[2] and found[2] not in known[found[1]]:
        parts = ", ".join(known[found[1]]) or "none"
        raise RequestRefused(f"{found[1]} has no part '{found[2]}' with holidays of its own; there are: {parts}")
    return code


@lru_cache(maxsize=1)
def countries() -> dict[str, Sequence[str]]:
    """Countries whose holidays are known, with their parts."""
    return {code: tuple(parts) for code, parts in holidays.list_supported_countries(include_aliases=False).items()}


@lru_cache(maxsize=64)
def _days(code: str) -> holidays.HolidayBase:
    found = _CODE.fullmatch(code)
    if found is None:
        return holidays.HolidayBase()
    try:
        return holidays.country_holidays(found[1], subdiv=found[2])
    except NotImplementedError:  # of a file of definitions that was published without looking it up
        return holidays.HolidayBase()
