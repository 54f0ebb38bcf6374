"""Days of use: on which days each user (or account) did anything at all. Everything over time is counted from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from keepwell.engine.adoption.quoting import name
from keepwell.engine.adoption.relation import USAGE, Door

By = Literal["person", "account"]
Ints = NDArray[np.int32]
_BITS = "kw_days_of_use"
_EPOCH = date(1970, 1, 1)
_MOST = 20_000
"""Days between the first and the last: beyond that a date in the data is wrong, and a bit a day becomes too many."""


@dataclass(frozen=True)
class DaysOfUse:
    """Pairs of who and day, each once, sorted by who and then by day.

    `who`: numbers from 0, without gaps. `day`: days since 1970-01-01. `first`, `last`: the range that is looked at,
    both included; all days lie in it. `ids`: whose number it is, where that was asked for.
    """

    who: Ints
    day: Ints
    first: date
    last: date
    ids: pa.Array | None = None

    @property
    def people(self) -> int:
        """How many have used it at all."""
        return int(self.who[-1]) + 1 if len(self.who) else 0

    @property
    def span(self) -> int:
        """Days in the range."""
        return (self.last - self.first).days + 1

    def offsets(self) -> Ints:
        """Days since `first`."""
        return self.day - np.int32(number(self.first))

    def dates(self) -> list[date]:
        """Every date of the range."""
        return [self.first + timedelta(days=place) for place in range(self.span)]


def number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def dated(day: int) -> date:
    """The date of a number of days since 1970-01-01."""
    return _EPOCH + timedelta(days=int(day))


def read_days(
    door: Door, *, as_of: date, by: By = "person", ids: bool = False, where: str = "true", relation: str = USAGE
) -> DaysOfUse:
    """Days of use up to `as_of`, from the first day there is. Rows without `by` or without a day are left out.

    One pass over the relation: a bit for each day and person (bitstring_agg), read out afterwards; distinct pairs by a
    hash table take three times as long. `where`: a condition on the relation, written by the program.
    """
    column = name(by)
    known = f"{column} is not null and day is not null and day <= date '{as_of}' and ({where})"
    low, high = _range(door, f"select min(day), max(day) from {relation} where {known}")
    if low is None or high is None:
        return DaysOfUse(np.empty(0, np.int32), np.empty(0, np.int32), as_of, as_of, pa.array([], pa.string()))
    low = max(low, high - timedelta(days=_MOST))
    door.keep(
        _BITS,
        f"select (row_number() over () - 1)::integer as who, id, bits from (select {column} as id, "
        f"bitstring_agg(day - date '{low}', 0, {(high - low).days}) as bits from {relation} "
        f"where {known} and day >= date '{low}' group by {column})",
    )
    rows = door.ask(_READ_OUT.format(bits=_BITS, days=(high - low).days + 1))
    who, offset = (rows[column].to_numpy() for column in ("who", "place"))
    names = door.ask(f"select id from {_BITS} order by who")["id"].combine_chunks() if ids else None
    return DaysOfUse(who, offset + np.int32(number(low)), low, as_of, names)


_READ_OUT = (
    "select who, place::integer as place from {bits}, range({days}) as days(place) "
    "where get_bit(bits, place::integer) = 1 order by who, place"
)


def _range(door: Door, statement: str) -> tuple[date | None, date | None]:
    row: dict[str, Any] = door.ask(statement).to_pylist()[0]
    low, high = row.values()
    return low, high
