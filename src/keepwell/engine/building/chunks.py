"""How many moments are read together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource
from keepwell.engine.moments import Moment

FEWEST_AT_ONCE = 16
"""Moments that share a query however many accounts there are: enough to save passes, few enough to bound memory."""

_ROWS_AT_ONCE = 200_000
"""Of few accounts, as many moments share a query as give so many rows."""

_DAYS_AT_ONCE = 180
"""Moments that share cells hold the rows of so many days at once, or of two horizons."""


def moments_at_once(project: Project, source: FactSource) -> int:
    """So many moments are best read together, by the number of accounts there are."""
    found = project.with_role("accounts")
    rows = source.table(found[0]) if found else None
    accounts = 1 if rows is None else source.run(rows.aggregate(accounts=rows.count()))["accounts"][0].as_py()
    return max(FEWEST_AT_ONCE, _ROWS_AT_ONCE // max(1, accounts))


def chunks(moments: Iterable[Moment], at_once: int) -> Iterator[tuple[Moment, ...]]:
    """Moments in order, at most so many at once, and never one date twice in a chunk: dates tell results apart."""
    chunk: list[Moment] = []
    for moment in moments:
        if len(chunk) == at_once or any(moment.as_of == other.as_of for other in chunk):
            yield tuple(chunk)
            chunk = []
        chunk.append(moment)
    if chunk:
        yield tuple(chunk)


def near(moments: Iterable[Moment], horizon: int | None) -> Iterator[tuple[Moment, ...]]:
    """Moments in order, as many together as lie near each other; without a horizon rows are few, so all of them."""
    longest = None if horizon is None else max(_DAYS_AT_ONCE, 2 * horizon)
    run: list[Moment] = []
    for moment in sorted(moments):
        if run and longest is not None and (moment.as_of - run[0].as_of).days > longest:
            yield tuple(run)
            run = []
        run.append(moment)
    if run:
        yield tuple(run)
