"""What was known of accounts over time: scores, metrics and entered scores, a row an account and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Floats

Numbers = npt.NDArray[np.int64]
"""Days as whole numbers since 1970-01-01, or positions."""
_DAYS = 1 << 20  # more than any calendar here has
NONE = -1
"""The row of an account of which nothing was known."""


@dataclass(frozen=True)
class Panel:
    """Rows in order of account and day. A row tells what was known at the end of its day, and stands for `reach_days`.

    `code`: [rows] position of the account in the ids that all parts of a study share; `day`: [rows]; `columns`: by
    name [rows], NaN where null.
    """

    code: Codes
    day: Numbers
    columns: Mapping[str, Floats]
    reach_days: int

    def rows(self, code: Codes, day: Numbers) -> Codes:
        """[n] the last row of each account at or before each day, no older than `reach_days`; NONE without."""
        return self.rows_since(code, day, day - self.reach_days + 1)

    def rows_since(self, code: Codes, day: Numbers, since: Numbers) -> Codes:
        """[n] the last row of each account from `since` to `day`; NONE without."""
        if not len(self.code):
            return np.full(len(code), NONE, np.int64)
        at = np.searchsorted(self._key, code * _DAYS + day, side="right") - 1
        safe = np.maximum(at, 0)
        fits = (at >= 0) & (self.code[safe] == code) & (self.day[safe] >= since)
        return np.where(fits, safe, NONE)

    def values(self, name: str, rows: Codes) -> Floats:
        """[n] of a column; NaN for NONE."""
        return np.append(self.columns[name], np.nan)[rows]

    @cached_property
    def _key(self) -> Numbers:
        return self.code * _DAYS + self.day


def panel(table: pa.Table, ids: pa.StringArray, reach_days: int) -> Panel:
    """From a table with `account`, `as_of` (date32) and columns of numbers and truths; other columns are left out.

    `ids`: the accounts of the study in order; rows of others are left out. Of several rows of an account and day the
    last counts.
    """
    code = codes_of(table["account"], ids)
    day = days_of(table["as_of"])
    order = np.lexsort((day, code))
    order = order[code[order] >= 0]
    key = code[order] * _DAYS + day[order]
    last = np.append(key[1:] != key[:-1], True)[: len(key)]
    kept = order[last]
    columns = {
        name: _floats(table[name])[kept]
        for name in table.column_names
        if name not in ("account", "as_of") and _is_number(table.schema.field(name).type)
    }
    return Panel(code[kept], day[kept], columns, reach_days)


def codes_of(account: pa.Array | pa.ChunkedArray, ids: pa.StringArray) -> Codes:
    """[n] position of each account in `ids`; -1 for none of them."""
    found = pc.fill_null(pc.index_in(account, value_set=ids), -1).to_numpy(zero_copy_only=False)
    return np.asarray(found, np.int64)


def days_of(column: pa.Array | pa.ChunkedArray) -> Numbers:
    """[n] dates without nulls as whole numbers."""
    return np.asarray(column.cast(pa.date32()).cast(pa.int32()).to_numpy(zero_copy_only=False), np.int64)


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind)


def _floats(column: pa.ChunkedArray) -> Floats:
    plain = column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column
    found: Floats = np.asarray(plain.cast(pa.float64()).to_numpy(zero_copy_only=False), np.float64)
    return np.where(np.isfinite(found), found, np.nan)
