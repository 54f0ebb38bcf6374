"""Until when answers are taken, and when reminders are due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from keepwell.definitions.surveys import Survey


def last_day(survey: Survey, asked_on: date) -> date | None:
    """The last day on which somebody asked on that day can answer; None where there is none."""
    if survey.closes is None:
        return None
    if survey.closes.on is not None:
        return survey.closes.on
    return asked_on + timedelta(days=survey.closes.after_days or 0)


def is_open(survey: Survey, asked_on: date, today: date) -> bool:
    """Whether an answer is taken today. `asked_on`: of an anonymous link, today."""
    last = last_day(survey, asked_on)
    return last is None or today <= last


def reminder_due(survey: Survey, asked_on: date, reminded_on: Sequence[date], today: date) -> bool:
    """Whether somebody who has not finished is reminded today: so long after the last letter, and not too often."""
    about = survey.reminders
    if about is None or len(reminded_on) >= about.at_most or not is_open(survey, asked_on, today):
        return False
    return today >= max(asked_on, *reminded_on, asked_on) + timedelta(days=about.after)
