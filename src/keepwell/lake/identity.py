"""Whose is it: a dated table from a source's ids to accounts, applied when facts are read.

Rows are only ever added. One row says: from `recorded_at` on we hold that `source_id` of `source` belongs to
`account_id` between `valid_from` (included, null: always) and `valid_to` (excluded, null: for ever). Of two rows about
the same moment the one recorded later counts, then the one that stands later. `account_id` null withdraws. The source
'*' speaks for ids that no source-specific row resolves: merged accounts whose facts carry the account's own id.
Merging and undoing are rows of this table too; facts are never touched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.errors import RequestRefused

ANY_SOURCE = "*"
_TIME = pa.timestamp("us", "UTC")
_ALWAYS, _FOREVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_FIELDS: dict[str, pa.DataType] = {
    "source": pa.string(),
    "source_id": pa.string(),
    "account_id": pa.string(),
    "valid_from": _TIME,
    "valid_to": _TIME,
    "recorded_at": _TIME,
    "change": pa.string(),
}
IDENTITY = pa.schema(_FIELDS)
"""The columns of the identity table; `change` names what added the row, so that it can be undone."""
INTERVALS = pa.schema({name: _FIELDS[name] for name in ("source", "source_id", "account_id", "valid_from", "valid_to")})
"""What holds: intervals of one (source, source_id) do not overlap."""

_Interval = tuple[datetime, datetime, str | None]


def link(
    source: str,
    accounts: dict[str, str],
    *,
    recorded_at: datetime,
    change: str,
    valid_from: datetime | None = None,
    valid_to: datetime | None = None,
) -> pa.Table:
    """Rows that tie source ids to accounts (`accounts`: source id -> account id) for a span of time."""
    if valid_from and valid_to and valid_from >= valid_to:
        raise RequestRefused(f"identity: valid_from {valid_from} is not before valid_to {valid_to}")
    return _rows(
        ((source, one, account, valid_from, valid_to) for one, account in accounts.items()), recorded_at, change
    )


def merge(identity: pa.Table, accounts: Sequence[str], into: str, *, recorded_at: datetime, change: str) -> pa.Table:
    """Rows to add so that everything of `accounts` belongs to `into`, at all times it belonged to them.

    Ids that resolve to one of them follow, and so do facts that carry the account's own id without being resolved.
    """
    if into in accounts or not accounts:
        raise RequestRefused(f"identity: cannot merge {list(accounts)} into '{into}': name other accounts")
    held = intervals(identity, known_at=recorded_at)
    theirs = held.filter(pc.is_in(held["account_id"], pa.array(accounts, pa.string()))).to_pylist()
    moved = [(row["source"], row["source_id"], into, row["valid_from"], row["valid_to"]) for row in theirs]
    own = [(ANY_SOURCE, account, into, None, None) for account in accounts]
    return _rows([*moved, *own], recorded_at, change)


def undo(identity: pa.Table, undone: str, *, recorded_at: datetime, change: str) -> pa.Table:
    """Rows to add so that everything is as if the change `undone` had never been; later changes stand.

    Raises RequestRefused for a change that is not in the table.
    """
    of_it = identity.filter(pc.equal(identity["change"], pa.scalar(undone)))
    if not of_it.num_rows:
        raise RequestRefused(f"identity: there is no change '{undone}' to undo")
    touched = {(row["source"], row["source_id"]) for row in of_it.to_pylist()}
    without = identity.filter(pc.not_equal(identity["change"], pa.scalar(undone)))
    held: dict[tuple[str, str], list[_Interval]] = {key: [] for key in touched}
    for key, rows in _by_id(without).items():
        if key in touched:
            held[key] = _paint(rows)
    restored = [
        (*key, account, _from(start), _to(end))
        for key in sorted(touched)
        for start, end, account in _with_gaps(held[key])
    ]
    return _rows(restored, recorded_at, change)


def history(identity: pa.Table, account: str) -> pa.Table:
    """Every row that ever named an account, in the order it was recorded."""
    return identity.filter(pc.equal(identity["account_id"], pa.scalar(account))).sort_by("recorded_at")


def intervals(identity: pa.Table, *, known_at: datetime | None = None) -> pa.Table:
    """What holds (INTERVALS), as known at `known_at` (default: all that is recorded); gaps are left out."""
    if known_at is not None:
        identity = identity.filter(pc.less_equal(identity["recorded_at"], pa.scalar(known_at, _TIME)))
    found = [
        (*key, account, _from(start), _to(end))
        for key, rows in _by_id(identity).items()
        for start, end, account in _paint(rows)
        if account is not None
    ]
    return pa.Table.from_pylist([dict(zip(INTERVALS.names, row, strict=True)) for row in found], schema=INTERVALS)


def resolve(
    facts: ibis.Table,
    held: ibis.Table,
    *,
    source: str,
    source_id: str,
    occurred_at: str,
    into: str = "account_id",
) -> ibis.Table:
    """Facts with the account they belong to in `into`, and `is_resolved` (boolean, never null).

    `held` has the columns of INTERVALS, in the same warehouse. `source_id` and `occurred_at` (a timestamp in UTC or a
    date) name columns of `facts`. An id that no interval covers at its moment keeps itself as account. Rows are
    neither lost nor doubled.
    """
    moment = facts[occurred_at].cast("timestamp('UTC')")
    wanted = facts[source_id].cast("string")
    own = held.filter(held.source == source).view()
    general = held.filter(held.source == ANY_SOURCE).view()
    keyed = facts.mutate(__id=wanted, __moment=moment)
    first = keyed.left_join(own, [keyed["__id"] == own.source_id, *_covers(own, keyed["__moment"])])
    first = first.select(keyed, __own=own.account_id)
    both = first.left_join(general, [first["__id"] == general.source_id, *_covers(general, first["__moment"])])
    both = both.select(first, __general=general.account_id)
    found = ibis.coalesce(both["__own"], both["__general"])
    resolved = both.mutate(**{into: ibis.coalesce(found, both["__id"]), "is_resolved": found.notnull()})
    kept = [name for name in facts.columns if name not in (into, "is_resolved")]
    return resolved.select(*kept, into, "is_resolved")


def _covers(held: ibis.Table, moment: ibis.Value) -> list[ibis.Value]:
    return [
        held.valid_from.isnull() | (held.valid_from <= moment),
        held.valid_to.isnull() | (moment < held.valid_to),
    ]


def _rows(rows: Iterable[tuple[Any, ...]], recorded_at: datetime, change: str) -> pa.Table:
    named = [dict(zip(IDENTITY.names, (*row, recorded_at, change), strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema=IDENTITY)


def _by_id(identity: pa.Table) -> dict[tuple[str, str], list[_Interval]]:
    """Rows of each (source, source_id), the one that counts least first."""
    grouped: dict[tuple[str, str], list[_Interval]] = {}
    for row in sorted(identity.to_pylist(), key=lambda row: row["recorded_at"]):  # a stable sort: then as they stand
        span = (row["valid_from"] or _ALWAYS, row["valid_to"] or _FOREVER, row["account_id"])
        grouped.setdefault((row["source"], row["source_id"]), []).append(span)
    return grouped


def _paint(rows: Sequence[_Interval]) -> list[_Interval]:
    """Later rows over earlier ones: intervals in order of time that do not overlap; neighbours alike are joined."""
    if len(rows) == 1:
        return list(rows)
    edges = sorted({edge for start, end, _ in rows for edge in (start, end)})
    painted: list[_Interval] = []
    for start, end in pairwise(edges):
        over = next((row for row in reversed(rows) if row[0] <= start and end <= row[1]), None)
        if over is None:
            continue
        if painted and painted[-1][1] == start and painted[-1][2] == over[2]:
            painted[-1] = (painted[-1][0], end, over[2])
        else:
            painted.append((start, end, over[2]))
    return painted


def _with_gaps(painted: Sequence[_Interval]) -> list[_Interval]:
    """The same over all time: where nothing held, a withdrawal."""
    covered: list[_Interval] = []
    at = _ALWAYS
    for start, end, account in painted:
        covered += [(at, start, None)] if at < start else []
        covered.append((start, end, account))
        at = end
    return [*covered, (at, _FOREVER, None)] if at < _FOREVER else covered


def _from(moment: datetime) -> datetime | None:
    return None if moment == _ALWAYS else moment


def _to(moment: datetime) -> datetime | None:
    return None if moment == _FOREVER else moment
