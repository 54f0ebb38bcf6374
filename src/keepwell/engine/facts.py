"""What the engine asks of a place where facts are: raw rows by dataset, and one door that executes queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import ibis.expr.types as ir
import pyarrow as pa

LOAD_ID = "load_id"
"""A column of growing numbers; where a dataset has it, results say the highest they saw."""


@runtime_checkable
class TellsMisfits(Protocol):
    """A source that can say which values keep a text column from being of another kind."""

    def misfits(self, name: str, column: str, kind: str) -> Sequence[str]:
        """Sentences with file and line; none where it is not known."""


class FactSource(Protocol):
    """A warehouse as the engine sees it. Implemented by `keepwell.lake`."""

    @property
    def dialect(self) -> str:
        """duckdb, postgres or pyspark."""

    def table(self, name: str) -> ir.Table:
        """The raw rows of a dataset. Raises DataRefused where they cannot be read."""

    def run(self, expression: ir.Table) -> pa.Table:
        """Executes a query. Raises DataRefused where the backend refuses it."""
