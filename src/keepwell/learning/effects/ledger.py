"""The ledger of treatments: who was treated by what and when, and who was held out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.engine.values import Days
from keepwell.learning.asides import Aside, aside
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags

SCHEMA = pa.schema(
    [
        ("account", pa.string()),
        ("by", pa.string()),  # kind:name, such as rule:low_use or playbook:onboarding
        ("version", pa.string()),  # of the rule; null: none is told
        ("day", pa.date32()),  # in the project's time zone
        ("is_held_out", pa.bool_()),
        ("withdrawn_on", pa.date32()),  # null: it was not taken back
    ]
)
"""A ledger as `treatments` reads it."""


@dataclass(frozen=True)
class Treatments:
    """n rows in order of day and account: the first of each account for each `by`."""

    account: pa.StringArray
    by: pa.StringArray
    version: pa.StringArray  # "" where none is told
    day: Days
    is_held_out: Flags
    withdrawn_on: Days  # NaT: not withdrawn
    got_on: Days  # first treatment of the account by `by`, also after it was held out; NaT: it never got one
    asides: tuple[Aside, ...] = ()

    def __len__(self) -> int:
        return len(self.account)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every `by`, in order."""
        return tuple(sorted(pc.unique(self.by).to_pylist()))

    def of(self, *names: str) -> Treatments:
        """The rows of these alone."""
        return self.take(pc.is_in(self.by, value_set=pa.array(names, pa.string())).to_numpy(zero_copy_only=False))

    def kin(self, by: str) -> tuple[str, ...]:
        """`by` and whatever has its name behind another colon: the same treatment, given in another way."""
        return tuple(other for other in self.names if bare(other) == bare(by))

    def between(self, first: np.datetime64, last: np.datetime64) -> Treatments:
        return self.take((self.day >= first) & (self.day <= last))

    def take(self, rows: Flags | Codes) -> Treatments:
        """Some of them, by position or mask; asides stay."""
        places = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        at = pa.array(places)
        return replace(
            self,
            account=self.account.take(at),
            by=self.by.take(at),
            version=self.version.take(at),
            day=self.day[places],
            is_held_out=self.is_held_out[places],
            withdrawn_on=self.withdrawn_on[places],
            got_on=self.got_on[places],
        )


def bare(by: str) -> str:
    """The name of a treatment without its kind: low_use of rule:low_use."""
    return by.partition(":")[2] or by


def treatments(ledger: pa.Table) -> Treatments:
    """From rows as in SCHEMA (`version`, `is_held_out` and `withdrawn_on` may be absent or null: none, treated, never).

    Of several rows of one account and `by` the first counts, a hold-out before a treatment of the same day: what was
    decided first is what can be compared. Rows without account, `by` or day are left out; both are told.
    """
    rows = _whole(ledger)
    known = pc.and_(pc.and_(pc.is_valid(rows["account"]), pc.is_valid(rows["by"])), pc.is_valid(rows["day"]))
    asides = aside(
        "treatments were left out: they name no account, no day or not what was done",
        rows["account"].filter(pc.invert(known)).to_pylist(),
    )
    rows = rows.filter(known)
    order = [("day", "ascending"), ("account", "ascending"), ("is_held_out", "descending"), ("by", "ascending")]
    rows = rows.take(pc.sort_indices(rows, sort_keys=order))
    firsts = _firsts([rows["account"], rows["by"]])
    again = np.setdiff1d(np.arange(len(rows)), firsts)
    asides += aside(
        "treatments were left out: an earlier one of the same account by the same counts",
        rows["account"].take(pa.array(again)).to_pylist(),
    )
    return _of(rows.take(pa.array(firsts)), _got_on(rows)[firsts], asides)


def _whole(ledger: pa.Table) -> pa.Table:
    empty = {field.name: pa.nulls(len(ledger), field.type) for field in SCHEMA}
    given = {name: ledger[name] for name in ledger.column_names if name in empty}
    found = pa.table(empty | given).select(SCHEMA.names).cast(SCHEMA)
    held_out = pc.fill_null(found["is_held_out"], False)
    return found.set_column(SCHEMA.get_field_index("is_held_out"), "is_held_out", held_out)


def _firsts(keys: Sequence[pa.ChunkedArray]) -> Codes:
    """Positions of the first row of each combination, ascending."""
    table = pa.table({str(at): key for at, key in enumerate(keys)} | {"row": pa.array(np.arange(len(keys[0])))})
    found = table.group_by([str(at) for at in range(len(keys))]).aggregate([("row", "min")])["row_min"].to_numpy()
    return np.sort(found).astype(np.int64)


def _got_on(rows: pa.Table) -> Days:
    """[rows] the first day on which the account of each got what `by` of it names; NaT: it never did."""
    keys = ["account", "by"]
    got = rows.filter(pc.invert(rows["is_held_out"])).group_by(keys).aggregate([("day", "min")])
    at = rows.select(keys).append_column("row", pa.array(np.arange(len(rows))))
    found = at.join(got, keys).sort_by("row")
    return found["day_min"].to_numpy().astype("datetime64[D]")


def _of(rows: pa.Table, got_on: Days, asides: tuple[Aside, ...]) -> Treatments:
    return Treatments(
        account=rows["account"].combine_chunks(),
        by=rows["by"].combine_chunks(),
        version=pc.fill_null(rows["version"], "").combine_chunks(),
        day=rows["day"].to_numpy().astype("datetime64[D]"),
        is_held_out=rows["is_held_out"].to_numpy().astype(np.bool_),
        withdrawn_on=rows["withdrawn_on"].to_numpy().astype("datetime64[D]"),
        got_on=got_on,
        asides=asides,
    )
