"""Due dates over weekends, holidays and time zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.business_days import Calendar, checked_holidays
from keepwell.apps.cockpit.calendars import calendar_of, choose_calendar, today_of
from keepwell.definitions.delays import Delay
from keepwell.errors import FieldRefused, RequestRefused
from tests.apps.conftest import People

BAVARIA = Calendar("Europe/Berlin", "DE-BY")
THURSDAY = date(2026, 4, 2)


@pytest.mark.parametrize(
    ("calendar", "days", "due"),
    [
        (Calendar(), 1, date(2026, 4, 3)),
        (Calendar(), 2, date(2026, 4, 6)),  # over the weekend
        (BAVARIA, 1, date(2026, 4, 7)),  # over Good Friday, the weekend and Easter Monday
        (BAVARIA, 3, date(2026, 4, 9)),
        (Calendar("America/New_York", "US"), 2, date(2026, 4, 6)),  # Good Friday is a working day there
    ],
)
def test_business_days_pass_over_weekends_and_holidays(calendar: Calendar, days: int, due: date) -> None:
    assert calendar.due(THURSDAY, Delay(days, business=True)) == due


def test_the_weekend_is_that_of_the_country() -> None:
    friday, sunday = date(2026, 4, 10), date(2026, 4, 12)
    assert not Calendar("Asia/Jerusalem", "IL").is_business_day(friday)
    assert Calendar("Asia/Jerusalem", "IL").is_business_day(sunday)
    assert not BAVARIA.is_business_day(sunday)


def test_nothing_is_due_on_a_day_off_even_at_once() -> None:
    assert BAVARIA.due(date(2026, 4, 3), Delay(0, business=True)) == date(2026, 4, 7)
    assert BAVARIA.due(date(2026, 4, 3), Delay(0)) == date(2026, 4, 3), "calendar days ask nobody"
    assert BAVARIA.holiday(date(2026, 1, 6)) == "Epiphany"
    assert Calendar("Europe/Berlin", "DE").is_business_day(date(2026, 1, 6)), "in some parts alone"


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 40))
def test_a_due_date_is_a_business_day_and_never_earlier(day: date, count: int) -> None:
    due = BAVARIA.after(day, count)
    assert BAVARIA.is_business_day(due)
    between = (day + timedelta(days=n) for n in range(1, (due - day).days + 1))
    assert sum(BAVARIA.is_business_day(one) for one in between) == count


@pytest.mark.slow
def test_today_is_the_day_of_the_owner(people: People) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    choose_calendar(actor=Person(people.owner), zone="Asia/Tokyo", holidays="jp")
    people.owner.refresh_from_db()
    assert today_of(people.owner, late) == date(2026, 3, 3)
    assert today_of(people.colleague, late) == date(2026, 3, 2)
    assert calendar_of(people.owner) == Calendar("Asia/Tokyo", "JP")


@pytest.mark.parametrize(
    ("code", "words"), [("XX", "no calendar"), ("DE-ZZ", "BY"), ("Germany", "two letters|is no calendar")]
)
def test_a_calendar_that_nobody_keeps_is_refused(code: str, words: str) -> None:
    with pytest.raises(RequestRefused, match=words):
        checked_holidays(code)


def test_a_zone_that_is_none_is_refused(people: People) -> None:
    with pytest.raises(FieldRefused, match="Europe/Berlin"):
        choose_calendar(actor=Person(people.owner), zone="Berlin", holidays="")
