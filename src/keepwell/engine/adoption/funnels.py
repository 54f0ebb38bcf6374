"""Funnels: how many go through steps in their order, within a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

from keepwell.engine.adoption.quoting import text
from keepwell.engine.adoption.relation import USAGE, Door

ALL = ""
"""The segment of everybody, where none is asked for."""


@dataclass(frozen=True)
class Step:
    """What somebody did: an event, or anything of a feature."""

    name: str
    is_feature: bool = False

    def condition(self) -> str:
        return f"{'feature' if self.is_feature else 'event'} = {text(self.name)}"


@dataclass(frozen=True)
class Reached:
    """One step of one segment. `people`: how many reached it. Shares 0..1: of the step before, of the first one.

    Null where that one was reached by nobody, and of the step before for the first.
    """

    segment: str
    step: Step
    people: int
    of_previous: float | None
    of_first: float | None


def funnel(
    door: Door,
    steps: Sequence[Step],
    *,
    first: date,
    last: date,
    within: timedelta,
    exact: bool = True,
    by: str = "person",
    segment: str | None = None,
) -> list[Reached]:
    """How many people (or accounts, `by`) took each step after the one before, all within `within` of the first.

    All steps lie between `first` and `last`. Any first step may begin the way that gets farthest. `exact`: usage has
    times, so a step comes strictly after the one before; without them (days alone) it may be on the same day.
    `segment`: a relation (account, segment); accounts in several count in each, and those in none are left out.
    """
    if not steps:
        return []
    # a step in the source of Keepwell's own making; texts of people are literals
    chains = ["kw_step_0 as (select who, segment, moment, moment as began from kw_funnel where step_0)"]
    for place in range(1, len(steps)):
        chains.append(f"kw_step_{place} as ({_next(place, within, exact=exact)})")
    door.keep("kw_funnel", _events(steps, first, last, by, segment))
    counts = " union all ".join(
        f"select {place} as step, segment, count(distinct who) as people from kw_step_{place} group by segment"
        for place in range(len(steps))
    )
    rows = door.ask(f"with {', '.join(chains)} {counts}").to_pylist()
    found = {(row["segment"], row["step"]): row["people"] for row in rows}
    segments = sorted({row["segment"] for row in rows}) or ([ALL] if segment is None else [])
    return [one for name in segments for one in _steps(name, steps, found)]


def _events(steps: Sequence[Step], first: date, last: date, by: str, segment: str | None) -> str:
    marks = ", ".join(f"coalesce({step.condition()}, false) as step_{place}" for place, step in enumerate(steps))
    any_step = " or ".join(step.condition() for step in steps)
    source = f"{USAGE} join {segment} using (account)" if segment else USAGE
    named = "segment" if segment else f"{text(ALL)} as segment"
    return (
        f"select {by} as who, {named}, moment, {marks} from {source} where {by} is not null "
        f"and day between date '{first}' and date '{last}' and ({any_step})"
    )


def _next(place: int, within: timedelta, *, exact: bool) -> str:
    """Who took a step after the one before: of all ways there the one that began last leaves the most time.

    Both kinds of rows stand in one order, so the latest beginning so far is a running maximum.
    """
    until = "interval 1 microsecond preceding" if exact else "current row"
    return (
        f"select who, segment, moment, began from (select who, segment, moment, is_it, max(began) over "
        f"(partition by who, segment order by moment range between unbounded preceding and {until}) as began from ("
        f"select who, segment, moment, began, false as is_it from kw_step_{place - 1} union all "
        f"select who, segment, moment, null, true from kw_funnel where step_{place})) "
        f"where is_it and began is not null and moment - began <= interval '{int(within.total_seconds())} seconds'"
    )


def _steps(segment: str, steps: Sequence[Step], found: dict[tuple[str, int], int]) -> list[Reached]:
    people = [found.get((segment, place), 0) for place in range(len(steps))]
    return [
        Reached(segment, step, people[place], _share(people[place], people[place - 1]) if place else None,
                _share(people[place], people[0]))
        for place, step in enumerate(steps)
    ]  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def segments_table(pairs: Sequence[tuple[str, str]]) -> pa.Table:
    """(account, segment) as the relation that `segment` names."""
    accounts, segments = zip(*pairs, strict=True) if pairs else ((), ())
    return pa.table({"account": pa.array(accounts, pa.string()), "segment": pa.array(segments, pa.string())})
