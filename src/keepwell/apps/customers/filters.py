"""What a list of customers is narrowed to: read from an address and written back into one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

MANY = ("label", "csm", "stage", "segment", "list")
"""What may be given several times: any of the values fits."""

COLUMNS = ("trend", "change", "arr", "renewal", "stage", "csm")
"""The columns of a view that does not choose its own; name and health always stand."""

MORE_COLUMNS = ("why", "coverage", "scorecard", "segments", "id")
SORTS = ("name", "score", "change", "arr", "renewal", "stage", "csm")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([kmb]?)", re.IGNORECASE)
_SIZES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}
_MOST_DAYS, _LONGEST = 3660, 1000


@dataclass(frozen=True)
class Filters:
    """`errors`: what cannot be read, by field, beside the `typed` text. `own_columns`: chosen ones, or none for usual.

    `csm`: numbers of people, `me` or `none`. `where`: an expression of the definition language.
    """

    q: str = ""
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    renews_within: int | None = None
    arr_from: float | None = None
    arr_to: float | None = None
    where: str = ""
    sort: str = "-arr"
    own_columns: tuple[str, ...] = ()
    after: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((*self.pairs(), self.after))

    @property
    def columns(self) -> tuple[str, ...]:
        return self.own_columns or COLUMNS

    @property
    def narrowed(self) -> bool:
        return any(True for _ in self.chips())

    @property
    def is_sorted_whole(self) -> bool:
        """Whether it leaves so few that they are found first and put in order then."""
        return bool(self.q or "list" in self.many)

    def chips(self) -> Iterator[tuple[str, str]]:
        """Every part that narrows, as a pair of the address."""
        if self.q:
            yield "q", self.q
        for name in MANY:
            yield from ((name, value) for value in self.many.get(name, ()))
        yield from (
            (name, self.typed[name]) for name in ("renews_within", "arr_from", "arr_to") if self.typed.get(name)
        )
        if self.where:
            yield "where", self.where

    def pairs(self) -> list[tuple[str, str]]:
        """The whole view as pairs of an address; the place in its pages is no part of it."""
        shown = [("sort", self.sort)] if self.sort != "-arr" else []
        return [*self.chips(), *shown, *(("column", name) for name in self.own_columns)]

    def address(self, *, without: tuple[str, str] | None = None, **changes: Any) -> str:
        """The query of an address for the same view with changes."""
        changed = replace(self, **changes) if changes else self
        pairs = [pair for pair in changed.pairs() if pair != without]
        after = [("after", changed.after)] if changes.get("after") else []
        return "?" + urlencode([*pairs, *after])


def read_filters(query: QueryDict) -> Filters:
    """What an address says. What cannot be read stands in `errors` and is kept as typed."""
    errors: dict[str, str] = {}
    typed = {name: query.get(name, "").strip()[:40] for name in ("renews_within", "arr_from", "arr_to")}
    where = query.get("where", "").strip()
    if len(where) > _LONGEST:
        errors["where"] = f"at most {_LONGEST} characters; these are {len(where)}"
    sort = query.get("sort", "") or "-arr"
    own = tuple(dict.fromkeys(name for name in query.getlist("column") if name))[:30]
    return Filters(
        q=query.get("q", "").replace("\x00", "").strip()[:200],
        many={name: _values(query, name) for name in MANY if _values(query, name)},
        renews_within=_days(typed["renews_within"], errors),
        arr_from=_amount("arr_from", typed["arr_from"], errors),
        arr_to=_amount("arr_to", typed["arr_to"], errors),
        where=where,
        sort=sort if sort.removeprefix("-") in SORTS else "-arr",
        own_columns=() if own == COLUMNS else own,
        after=query.get("after", ""),
        typed=typed,
        errors=errors,
    )


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value[:100] for value in query.getlist(name) if value and "\x00" not in value))[:50]


def _days(text: str, errors: dict[str, str]) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) > _MOST_DAYS:
        errors["renews_within"] = f"'{text}' is no number of days: write a whole number from 0 to {_MOST_DAYS}"
        return None
    return int(text)


def _amount(name: str, text: str, errors: dict[str, str]) -> float | None:
    if not text:
        return None
    found = _AMOUNT.fullmatch(text.replace(",", ""))
    if found is None:
        errors[name] = f"'{text}' is no amount: write a number such as 50000, 50k or 1.2M"
        return None
    return float(found[1]) * _SIZES[found[2].lower()]
