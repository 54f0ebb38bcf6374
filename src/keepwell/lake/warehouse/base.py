"""What every warehouse can do, and the common part of how: look a table up, run an expression, translate errors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from threading import RLock
from types import TracebackType
from typing import ClassVar, Self

import ibis
import pyarrow as pa

from keepwell.errors import DataRefused, RequestRefused

ibis.options.interactive = False


class Warehouse(ABC):
    """The one door through which queries run, closed by who opened it.

    Threads may ask at the same time: expressions are compiled side by side, and statements run one after another.
    """

    dialect: ClassVar[str]

    def __init__(self) -> None:
        self._tables: dict[str, ibis.Table] = {}
        self.turn = RLock()
        """Held by whoever uses the connection: DuckDB refuses a second statement instead of letting it wait."""

    def table(self, name: str) -> ibis.Table:
        """The raw rows of a registered dataset or of a table that is there; `schema.table` is allowed.

        Raises RequestRefused where there is none of that name.
        """
        with self.turn:
            if name not in self._tables:
                self._tables[name] = self._look_up(name)
            return self._tables[name]

    def run(self, expression: ibis.Table) -> pa.Table:
        """Executes an expression and returns its rows with exactly the types of its Ibis schema.

        Raises RequestRefused (a table or column that does not exist, memory) or DataRefused (values that cannot be
        computed with), never an error of the database itself.
        """
        return typed(self._execute(expression), expression.schema().to_pyarrow())

    @abstractmethod
    def sql(self, expression: ibis.Table) -> str:
        """The statement that `run` executes, for people to read."""

    @abstractmethod
    def close(self) -> None:
        """Ends the session and removes its temporary files; closing twice is fine."""

    @abstractmethod
    def interrupt(self) -> None:
        """Stops what the connection works on, from another thread; whoever waits for it is told by an error."""

    @abstractmethod
    def _look_up(self, name: str) -> ibis.Table: ...

    @abstractmethod
    def _execute(self, expression: ibis.Table) -> pa.Table:
        """The rows as the database gives them; statements run while `turn` is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def typed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """A result in the declared types: databases widen sums to decimals. Raises DataRefused where a number overflows."""
    if table.schema.equals(schema):
        return table
    if table.column_names != schema.names:
        raise RequestRefused(
            f"the query names something that does not exist: columns {schema.names} are now {table.column_names}"
        )
    try:
        return table.cast(schema)
    except pa.ArrowInvalid as error:
        raise DataRefused(f"a result is too large for its type: {error}") from None
