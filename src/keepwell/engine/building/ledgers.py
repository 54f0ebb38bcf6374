"""What of the ledgers is in force at a moment: the latest entry of each source, overrides by hand, pins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.moments import Moment, end_of_day
from keepwell.engine.values import ENTRIES, OVERRIDES, PINS

Rows = npt.NDArray[np.int64]


def entries_at(ledger: pa.Table, entity: pa.Array, moment: Moment, zone: str) -> pa.Table:
    """The latest known entry of each source, measure and entity (schema ENTRIES).

    `ledger` holds all entries, `entity` the row of each in the values (null: not in the population). Ties in time break
    by recorded_at, then the larger score; a withdrawal (null score) beats a score of the same time.
    """
    known = _known(ledger, entity, moment)
    rows, owner = _taken(ledger, entity, known)
    source = pc.fill_null(rows["source"], "manual").combine_chunks()
    score = pc.fill_null(rows["score"], float("inf"))
    order = _ascending(rows["occurred_at"], rows["recorded_at"], score)
    last = _last_of_each(order, owner, rows["measure"], source)
    chosen = rows.take(pa.array(last))
    end = pa.scalar(end_of_day(moment.as_of, zone), pa.timestamp("us"))
    expired = pc.fill_null(pc.less_equal(chosen["expires_at"], end), False)
    return pa.table(
        [
            pa.array(owner[last]),
            chosen["measure"],
            source.take(pa.array(last)),
            chosen["score"],
            chosen["occurred_on"],
            *(chosen[name].cast(pa.timestamp("us")) for name in ("occurred_at", "recorded_at", "expires_at")),
            expired,
            chosen["comment"],
            chosen["author"],
        ],
        schema=ENTRIES,
    )


def overrides_at(ledger: pa.Table, entity: pa.Array, moment: Moment, zone: str) -> pa.Table:
    """Overrides by hand in force at the end of the date, oldest first for each entity (schema OVERRIDES)."""
    in_force = pc.and_(_known(ledger, entity, moment), _lasts(ledger, moment, zone))
    rows, owner = _taken(ledger, entity, pc.and_(in_force, pc.invert(_withdrawn(ledger, moment))))
    order = _ascending(rows["recorded_at"], rows["effect"], rows["value"])
    order = order[np.argsort(owner[order], kind="stable")]
    chosen = rows.take(pa.array(order))
    columns = [chosen[name].cast(OVERRIDES.field(name).type) for name in OVERRIDES.names[1:]]
    return pa.table([pa.array(owner[order]), *columns], schema=OVERRIDES)


def pins_at(ledger: pa.Table, entity: pa.Array, moment: Moment, zone: str) -> pa.Table:
    """The latest pin of each entity in force at the end of the date (schema PINS)."""
    rows, owner = _taken(ledger, entity, pc.and_(_known(ledger, entity, moment), _lasts(ledger, moment, zone)))
    last = _last_of_each(_ascending(rows["recorded_at"], rows["scorecard"]), owner)
    chosen = rows.take(pa.array(last))
    columns = [chosen[name].cast(PINS.field(name).type) for name in PINS.names[1:]]
    return pa.table([pa.array(owner[last]), *columns], schema=PINS)


def _known(ledger: pa.Table, entity: pa.Array, moment: Moment) -> pa.Array:
    happened = pc.less_equal(ledger["occurred_on"], pa.scalar(moment.as_of))
    known = pc.less_equal(ledger["recorded_at"], pa.scalar(moment.known_at, pa.timestamp("us")))
    return pc.and_(pc.fill_null(pc.and_(happened, known), False), pc.is_valid(entity))


def _lasts(ledger: pa.Table, moment: Moment, zone: str) -> pa.Array:
    """A last day counts through its end; a last time ends at that time."""
    by_day = pc.greater_equal(ledger["until_on"], pa.scalar(moment.as_of))
    by_time = pc.greater(ledger["until"], pa.scalar(end_of_day(moment.as_of, zone), pa.timestamp("us")))
    return pc.fill_null(pc.if_else(ledger["until_is_day"], by_day, by_time), True)


def _withdrawn(ledger: pa.Table, moment: Moment) -> pa.Array:
    happened = pc.less_equal(ledger["withdrawn_at_on"], pa.scalar(moment.as_of))
    known = pc.less_equal(ledger["withdrawn_at"], pa.scalar(moment.known_at, pa.timestamp("us")))
    return pc.fill_null(pc.and_(happened, known), False)


def _taken(ledger: pa.Table, entity: pa.Array, mask: pa.Array) -> tuple[pa.Table, Rows]:
    chosen = pc.indices_nonzero(mask)
    owner = pc.take(entity, chosen)
    owner = owner.combine_chunks() if isinstance(owner, pa.ChunkedArray) else owner
    return ledger.take(chosen), owner.to_numpy(zero_copy_only=False).astype(np.int64)


def _ascending(*columns: pa.ChunkedArray) -> Rows:
    """Row numbers in ascending order of the columns; stable."""
    table = pa.table([*columns], names=[str(index) for index in range(len(columns))])
    keys: list[tuple[str, str]] = [(name, "ascending") for name in table.column_names]
    return pc.sort_indices(table, sort_keys=keys).to_numpy().astype(np.int64)


def _last_of_each(order: Rows, owner: Rows, *columns: pa.ChunkedArray | pa.Array) -> Rows:
    """The last row in `order` for each combination of owner and columns, in order of owner."""
    keys: Sequence[npt.NDArray[np.int64]] = [owner, *(_codes(column) for column in columns)]
    _, combined = np.unique(np.stack(keys), axis=1, return_inverse=True)
    last = np.full(combined.max(initial=-1) + 1, -1, dtype=np.int64)
    last[combined.reshape(-1)[order]] = order  # of repeated positions the last assignment stays
    return last


def _codes(column: pa.ChunkedArray | pa.Array) -> npt.NDArray[np.int64]:
    """A number for each value, in their order, so that the order of rows does not show."""
    return pc.rank(column, "ascending", tiebreaker="dense").to_numpy().astype(np.int64)
