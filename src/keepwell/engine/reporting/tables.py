"""What reports ask of a place where rows are."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa

ACCOUNT_ID = "account_id"
IS_PRESENT = "kw_is_present"
"""Of accounts: whether it is one of the population at the date. Those that ended are kept, for rows of theirs."""


class Tables(Protocol):
    """Tables of the catalogue, and the one door that executes queries over them. Implemented by `keepwell.lake`."""

    @property
    def dialect(self) -> str:
        """duckdb, postgres or pyspark."""

    def table(self, name: str) -> ir.Table:
        """The raw rows of a dataset. Raises DataRefused or RequestRefused where there are none to read."""

    def accounts(self, as_of: date, names: Collection[str]) -> ir.Table | None:
        """All accounts known at a date, one row each: `account_id` (text), `kw_is_present`, and those of `names` that
        are known, named as expressions over accounts name them. Scores and metrics are null for those that ended.

        None where nothing was kept of the date.
        """

    def run(self, expression: ir.Table) -> pa.Table:
        """Executes a query. Raises DataRefused or RequestRefused where it is refused, or takes too long."""
