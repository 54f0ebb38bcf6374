"""Paths: what people do after an event, or before it, as links of a Sankey diagram."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from keepwell.engine.adoption.quoting import text
from keepwell.engine.adoption.relation import USAGE, Door

OTHER = "(other)"
END = "(end)"


@dataclass(frozen=True)
class Link:
    """`people` went from `source` to `target`, `level` steps away from the event that was asked for (from 0).

    Source and target are in the order of time in both directions: towards an event, level 0 ends at it. `(end)` stands
    for nothing more (or before); `(other)` for all that fewer people did than the events that are shown.
    """

    level: int
    source: str
    target: str
    people: int


def paths(
    door: Door, event: str, *, first: date, last: date, towards: bool = False, depth: int = 3, widest: int = 6,
    column: str = "event",
) -> list[Link]:  # fmt: skip
    """What each person did next after the first time of `event` between two days (`towards`: before the last time).

    The same event several times in a row is one step. `depth`: how many steps; `widest`: how many events a step shows.
    Events at the same time are taken by their name. `column`: event or feature; rows without it are left out.
    """
    order = "moment desc, name desc" if towards else "moment, name"
    door.keep("kw_paths", _steps(event, first, last, column, order, depth))
    rows = door.ask(_LINKS.format(widest=widest, other=text(OTHER), end=text(END), depth=depth)).to_pylist()
    links = [Link(row["level"], row["source"], row["target"], row["people"]) for row in rows]
    return [Link(one.level, one.target, one.source, one.people) for one in links] if towards else links


def _steps(event: str, first: date, last: date, column: str, order: str, depth: int) -> str:
    return (
        f"with rows as (select person, {column} as name, moment, row_number() over (partition by person order by "
        f"{order.replace('name', column)}) as place from {USAGE} where person is not null and {column} is not null "
        f"and day between date '{first}' and date '{last}'), "
        f"anchor as (select person, min(place) as begins from rows where name = {text(event)} group by person), "
        "after as (select person, name, place from rows join anchor using (person) where place >= begins), "
        "turns as (select person, name, place, lag(name) over (partition by person order by place) as before "
        "from after) "
        "select person, name, row_number() over (partition by person order by place) - 1 as level from turns "
        f"where before is null or before <> name qualify level <= {depth}"
    )


_LINKS = (
    "with counted as (select level, name, row_number() over (partition by level order by count(*) desc, name) as rank "
    "from kw_paths group by level, name), "
    "named as (select person, level, case when rank <= {widest} then name else {other} end as name "
    "from kw_paths join counted using (level, name)) "
    "select a.level::integer as level, a.name as source, coalesce(b.name, {end}) as target, count(*) as people "
    "from named a left join named b on a.person = b.person and b.level = a.level + 1 "
    "where a.level < {depth} group by all order by 1, 4 desc, 2, 3"
)
