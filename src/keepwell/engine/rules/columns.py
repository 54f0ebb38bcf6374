"""One table with all that rules ask for: a row an account, columns named as expressions name them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.expressions import Past, ValueType
from keepwell.definitions.rule_names import KNOWN, STAGES, WORK
from keepwell.engine.columns import nullable, numbers, one_array
from keepwell.engine.explain.states import State
from keepwell.engine.rules.bands import advance, days_since
from keepwell.engine.rules.needs import CHANGE, Needs
from keepwell.engine.rules.snapshots import snapshot

TOLERANCE = 7
"""A value so many days before is that of the latest date in history at or before that day, at most this much older."""

_TYPES = {ValueType.NUMBER: pa.float64(), ValueType.TEXT: pa.string(), ValueType.DATE: pa.date32()}


def columns(
    state: State,
    needs: Needs,
    *,
    history: pa.Table | None = None,
    bands: pa.Table | None = None,
    records: pa.Table | None = None,
) -> pa.Table:
    """`account_id`, `as_of` and a column for each name of `needs` that is known, a row an account in order of id.

    `history`: `account_id, as_of` and the names that are looked back at, rows of any dates (snapshots one behind
    another); rows at or after the date are not looked at. `bands`: those of an earlier date (see `bands.advance`);
    without them the band began on this date. `records`: what is known outside of values and scores, by `account_id`:
    `stage`, `stage_since`, `open_calls`, `days_overdue_milestone`, `owner.name` and the like; without a row an account
    has no open calls, risks and requests, and the others are null. A name that nothing knows is left out:
    matching then refuses the rules that ask for it.
    """
    table = snapshot(state, needs.names | {"label"})
    return completed(table, needs, state.values.as_of, history=history, bands=bands, records=records)


def completed(
    table: pa.Table,
    needs: Needs,
    as_of: date,
    *,
    history: pa.Table | None = None,
    bands: pa.Table | None = None,
    records: pa.Table | None = None,
) -> pa.Table:
    """A snapshot with what rests on earlier dates and on records."""
    ids = one_array(table["account_id"])
    found = {name: one_array(table[name]) for name in table.column_names}
    found |= _recorded(ids, as_of, records)
    found = _unrecorded(len(ids), needs) | found
    if needs.asks_bands and "label" in found:
        moved = advance(bands, ids, found["label"], as_of).slice(0, len(ids))
        found["days_in_band"] = days_since(one_array(moved["since"]), as_of)
        found["previous_label"] = one_array(moved["previous_label"])
    for past in sorted(needs.past, key=str):
        if (now := found.get(past.name.dotted)) is not None:
            found[str(past)] = _looked_back(past, ids, now, as_of, history)
    if CHANGE in needs.past and str(CHANGE) in found:
        found["change"] = found[str(CHANGE)]
    return pa.table(found)


def _looked_back(past: Past, ids: pa.Array, now: pa.Array, as_of: date, history: pa.Table | None) -> pa.Array:
    before = _before(past, ids, as_of, history)
    if past.function == "value_before":
        return pa.nulls(len(ids), now.type) if before is None else before
    if before is None:
        return pa.nulls(len(ids), pa.float64())
    return nullable(numbers(now) - numbers(before))


def _before(past: Past, ids: pa.Array, as_of: date, history: pa.Table | None) -> pa.Array | None:
    """The values of a name so many days before, row for row; None where history does not hold the name."""
    name = past.name.dotted
    if history is None or name not in history.column_names:
        return None
    last = as_of - timedelta(days=past.days)
    days = one_array(history["as_of"]).cast(pa.date32())
    within = pc.and_(
        pc.less_equal(days, pa.scalar(last, pa.date32())),
        pc.greater_equal(days, pa.scalar(last - timedelta(days=TOLERANCE), pa.date32())),
    )
    rows = history.select(["account_id", "as_of", name]).filter(within)
    return one_array(rows[name]).take(_latest(ids, rows))


def _latest(ids: pa.Array, rows: pa.Table) -> pa.Array:
    """For each account the place of its latest row; null without one."""
    places = numbers(pc.index_in(one_array(rows["account_id"]), value_set=ids))
    known = np.flatnonzero(~np.isnan(places))
    days = one_array(rows["as_of"]).cast(pa.date32()).to_numpy(zero_copy_only=False)
    order = known[np.argsort(days[known], kind="stable")]
    found: npt.NDArray[Any] = np.full(len(ids), -1, dtype=np.int64)
    found[places[order].astype(np.int64)] = order  # of several, the latest is written last
    return pa.array(found, mask=found < 0)


def _recorded(ids: pa.Array, as_of: date, records: pa.Table | None) -> dict[str, pa.Array]:
    """What records say of the accounts, row for row."""
    names = records.column_names if records is not None else []
    places = pc.index_in(ids, value_set=one_array(records["account_id"])) if records is not None else None
    found = {name: one_array(records[name]).take(places) for name in names if name != "account_id"}  # type: ignore[index]
    for name in found.keys() & WORK.keys():
        found[name] = pc.fill_null(found[name].cast(pa.float64()), 0.0)
    if "stage_since" in found:
        found["days_in_stage"] = days_since(found["stage_since"], as_of)
    return found


def _unrecorded(rows: int, needs: Needs) -> dict[str, pa.Array]:
    """Columns for names that records could know, for where they do not."""
    texts = [name for name in needs.names if name.startswith("owner.")]
    found = {name: pa.nulls(rows, _TYPES[KNOWN[name].type]) for name in STAGES if name in needs.names}
    found |= {name: pa.nulls(rows, pa.string()) for name in texts}
    return found | {name: pa.repeat(0.0, rows) for name in WORK if name in needs.names}
