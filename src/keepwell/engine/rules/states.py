"""Where accounts stand with rules: what deciding keeps from one date to the next."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.columns import nullable, one_array

Dates = npt.NDArray[np.datetime64]
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

STATE = pa.schema(
    [
        ("rule", pa.string()),
        ("account_id", pa.string()),
        ("holds_since", pa.date32()),  # `when`, without a break; null where it does not hold
        ("holds_runs", pa.int64()),  # the dates at which it was found so, as far as `persists` asks
        ("ends_since", pa.date32()),  # the condition of `until`, while the rule is open
        ("ends_runs", pa.int64()),
        ("is_open", pa.bool_()),  # it fired, and its end is awaited
        ("occurrence", pa.int64()),  # how often it fired
        ("fired_on", pa.list_(pa.date32())),  # ascending: the newest, as many as `repeat` looks at
        ("decided_on", pa.date32()),  # when this row came to be as it is
    ]
)
"""A row a rule and account, but for accounts of which there is nothing to say."""

NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Standing:
    """The state of one rule for k accounts, as arrays; `fired` are all firings kept, [f], of the accounts at `by`."""

    holds_since: Dates
    holds_runs: Counts
    ends_since: Dates
    ends_runs: Counts
    is_open: Flags
    occurrence: Counts
    decided_on: Dates
    fired: Dates
    by: Counts

    @property
    def last_fired(self) -> Dates:
        """[k] the last firing; NaT without one."""
        found = np.full(len(self.is_open), NEVER)
        order = np.argsort(self.fired, kind="stable")
        found[self.by[order]] = self.fired[order]
        return found

    def fired_after(self, day: np.datetime64) -> Counts:
        """[k] how many firings lie after a day."""
        return np.bincount(self.by[self.fired > day], minlength=len(self.is_open))

    @property
    def says_something(self) -> Flags:
        """[k] whether a row must be kept."""
        return ~np.isnat(self.holds_since) | self.is_open | (self.occurrence > 0)


def nothing(k: int) -> Standing:
    """The state of accounts that were never decided for."""
    zeros, never, no = np.zeros(k, np.int64), np.full(k, NEVER), np.zeros(k, np.bool_)
    empty = np.empty(0, dtype="datetime64[D]")
    return Standing(never, zeros, never, zeros, no, zeros, never, empty, np.empty(0, np.int64))


def standing(rows: pa.Table, places: Counts, k: int) -> Standing:
    """Rows of STATE of one rule as the state of k accounts, each row at its place."""
    base = nothing(k)

    def put(into: npt.NDArray[Any], values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        found = into.copy()
        found[places] = values
        return found

    dates = {name: put(getattr(base, name), _dates(rows[name])) for name in ("holds_since", "ends_since", "decided_on")}
    counts = {
        name: put(getattr(base, name), one_array(rows[name]).fill_null(0).to_numpy())
        for name in ("holds_runs", "ends_runs", "occurrence")
    }
    is_open = put(base.is_open, one_array(rows["is_open"]).fill_null(False).to_numpy(zero_copy_only=False))
    lists = one_array(rows["fired_on"])
    owners = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    fired = _dates(pc.list_flatten(lists))
    return replace(base, **dates, **counts, is_open=is_open, fired=fired, by=places[owners])


def state_rows(rule: str, accounts: pa.Array, at: Standing) -> pa.Table:
    """The state of one rule as rows of STATE, of all the accounts."""
    order = np.lexsort((at.fired, at.by))
    offsets = np.zeros(len(accounts) + 1, dtype=np.int32)
    np.cumsum(np.bincount(at.by, minlength=len(accounts)), out=offsets[1:])
    lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(at.fired[order], pa.date32()))
    found = {
        "rule": pa.repeat(rule, len(accounts)),
        "account_id": accounts,
        "holds_since": nullable(at.holds_since),
        "holds_runs": pa.array(at.holds_runs),
        "ends_since": nullable(at.ends_since),
        "ends_runs": pa.array(at.ends_runs),
        "is_open": pa.array(at.is_open),
        "occurrence": pa.array(at.occurrence),
        "fired_on": lists,
        "decided_on": nullable(at.decided_on),
    }
    return pa.table([found[name].cast(STATE.field(name).type) for name in STATE.names], schema=STATE)


def _dates(column: pa.Array | pa.ChunkedArray) -> Dates:
    return one_array(column).cast(pa.date32()).to_numpy(zero_copy_only=False).astype("datetime64[D]")
