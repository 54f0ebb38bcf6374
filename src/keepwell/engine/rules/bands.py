"""Since when accounts are in the band they are in: kept beside the scores, moved on date by date."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import one_array

BANDS = pa.schema(
    [
        ("account_id", pa.string()),
        ("label", pa.string()),
        ("since", pa.date32()),  # the first date of history on which it had this label, without a break
        ("previous_label", pa.string()),  # the one before; null where history knows none
    ]
)
"""One row an account."""


def advance(bands: pa.Table | None, accounts: pa.Array, labels: pa.Array, as_of: date) -> pa.Table:
    """The bands at `as_of`, from those of an earlier date (None: none) and the labels of that date, row for row.

    An account that was not there before begins anew. One without a row now keeps what it had. The same date twice
    gives the same.
    """
    before = bands if bands is not None else BANDS.empty_table()
    places = pc.index_in(accounts, value_set=one_array(before["account_id"]))
    was = one_array(before["label"]).take(places)
    is_new = pc.is_null(places)
    same = pc.fill_null(pc.equal(was, labels), False)
    same = pc.or_(same, pc.and_(pc.invert(is_new), pc.and_(pc.is_null(was), pc.is_null(labels))))
    since = pc.if_else(same, one_array(before["since"]).take(places), pa.scalar(as_of, pa.date32()))
    previous = pc.if_else(same, one_array(before["previous_label"]).take(places), was)
    now = pa.table([accounts, labels, since, previous], schema=BANDS)
    gone = pc.invert(pc.is_in(before["account_id"], value_set=accounts))
    return pa.concat_tables([now, before.filter(gone)]).combine_chunks()


def bands_of(history: pa.Table) -> pa.Table:
    """Bands from a history of `account_id, as_of, label`, in any order, at its last date."""
    days = one_array(history["as_of"])
    bands: pa.Table | None = None
    for day in sorted(pc.unique(days).to_pylist()):
        there = history.filter(pc.equal(days, pa.scalar(day, pa.date32())))
        bands = advance(bands, one_array(there["account_id"]), one_array(there["label"]), day)
    return bands if bands is not None else BANDS.empty_table()


def days_since(since: pa.Array, as_of: date) -> pa.Array:
    """Whole days up to `as_of`, as numbers; null for null."""
    days = since.cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
    number = (np.datetime64(as_of) - days).astype("float64")
    return pa.array(number, pa.float64(), mask=np.isnat(days))
