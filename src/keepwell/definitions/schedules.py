"""Schedules in words ("every weekday at 08:00"), read to the five fields of cron."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from croniter import croniter
from pydantic import AfterValidator, Field

from keepwell.definitions.names import nearest

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALLOWED = (
    "every day at 08:00; every weekday at 08:00; every monday and thursday at 08:00; every 4 hours; every hour; on the "
    "1st of each month at 08:00; on the last day of each month at 08:00; or the five fields of cron: 0 8 * * 1-5"
)

_AT = r" at (?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)"
_PART = r"(?:[0-9*,/-]|\b(?:l|sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\b)+"
_CRON = re.compile(rf"{_PART}(?: {_PART}){{4}}")


def cron_of(text: str) -> str:
    """The five fields of cron that `text` means. Raises ValueError for what is neither words of a schedule nor cron."""
    words = " ".join(text.lower().split())
    for pattern, read in _FORMS:
        if found := re.fullmatch(pattern, words):
            return read(found)
    if _CRON.fullmatch(words) and croniter.is_valid(words):
        return words
    raise ValueError(f"'{text}' is not a schedule; write one of: {ALLOWED}")


def _at(found: re.Match[str]) -> str:
    return f"{int(found['minute'])} {int(found['hour'])}"


def _on_days(found: re.Match[str]) -> str:
    days = re.split(r", and |, | and |,", found["days"])
    for day in days:
        if day not in WEEKDAYS:
            near = nearest(day, WEEKDAYS)
            raise ValueError(
                f"'{day}' is not a day of the week" + (f"; did you mean '{near}'?" if near else "; write monday")
            )
    numbers = sorted({(WEEKDAYS.index(day) + 1) % 7 for day in days})
    return f"{_at(found)} * * {','.join(map(str, numbers))}"


def _hours(found: re.Match[str]) -> str:
    hours = int(found["hours"])
    if not (1 <= hours <= 12 and 24 % hours == 0):
        raise ValueError(f"every {hours} hours do not fill a day evenly; write 1, 2, 3, 4, 6, 8 or 12 hours")
    return f"0 */{hours} * * *" if hours > 1 else "0 * * * *"


def _on_date(found: re.Match[str]) -> str:
    day = int(found["day"])
    if not 1 <= day <= 28:
        raise ValueError(f"not every month has a day {day}; write a day from 1 to 28, or the last day of each month")
    return f"{_at(found)} {day} * *"


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], str]], ...] = (
    (f"every day{_AT}", lambda found: f"{_at(found)} * * *"),
    (f"every weekday{_AT}", lambda found: f"{_at(found)} * * 1-5"),
    ("every hour", lambda _: "0 * * * *"),
    (r"every (?P<hours>\d{1,2}) hours?", _hours),
    (rf"on the (?P<day>\d{{1,2}})(st|nd|rd|th) of (each|every) month{_AT}", _on_date),
    (f"on the last day of (each|every) month{_AT}", lambda found: f"{_at(found)} L * *"),
    (f"every (?P<days>[a-z, ]+?){_AT}", _on_days),
)


def _checked(text: str) -> str:
    cron_of(text)
    return text


Schedule = Annotated[
    str, AfterValidator(_checked), Field(max_length=150, examples=["every weekday at 08:00", "0 8 * * 1-5"])
]
"""When something is done by itself, in words or as cron, in the time zone of the project."""
