"""What the engine asks of a place where facts are: raw rows by dataset, and one door that executes queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Holdings:
    """Where the rows of a dataset lie.

    `files`: each with a mark, which is another one when its content is. `basis`: all else that decides how rows read.
    """

    files: Mapping[str, str]
    basis: str = ""


@runtime_checkable
class TellsHoldings(Protocol):
    """A source that knows the files of its datasets, so that unchanged ones need not be looked at again."""

    def holdings(self, name: str) -> Holdings | None:
        """The files that `table` reads; None where it does not read files as they lie."""

    def table_in(self, name: str, files: Collection[str]) -> ir.Table:
        """The raw rows of a dataset that lie in some of its files."""


class FactSource(Protocol):
    """A warehouse as the engine sees it. Implemented by `keepwell.lake`."""

    @property
    def dialect(self) -> str:
        """duckdb, postgres or pyspark."""

    def table(self, name: str) -> ir.Table:
        """The raw rows of a dataset. Raises DataRefused where they cannot be read."""

    def run(self, expression: ir.Table) -> pa.Table:
        """Executes a query. Raises DataRefused where the backend refuses it."""
