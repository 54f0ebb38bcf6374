"""How many people came, week by week."""

from __future__ import annotations

from datetime import timedelta

from keepwell.apps.adoption.reading import active_of
from keepwell.apps.customer_pages.widgets.block import Block, Given, Widget

_WEEKS, _WEEK = 12, 7


def gather(given: Given) -> Block:
    if given.scope is None:
        return given.nothing("activity")
    found = active_of(given.scope)
    weeks = list(zip(found.dates, found.counts[_WEEK].tolist(), strict=True))[::-_WEEK][:_WEEKS][::-1]
    weeks = [(last - timedelta(days=_WEEK - 1), people) for last, people in weeks]
    most = max((people for _, people in weeks), default=0)
    if not most:
        return given.nothing("activity")
    return Block(
        "activity", given.said("activity"), head=(given.said("week"), given.said("people")), numbers=(1,),
        rows=[(given.day(first), given.number(people)) for first, people in weeks],
        bars=[round(100 * people / most) for _, people in weeks],
    )  # fmt: skip


WIDGET = Widget("activity", "People each week", "Who came in each of the last twelve weeks, as a number", gather)
