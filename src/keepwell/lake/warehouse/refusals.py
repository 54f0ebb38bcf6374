"""Errors of databases, said in plain words: translated here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
from ibis.common.exceptions import IbisError, TableNotFound

from keepwell.errors import DataRefused, EngineFault, KeepwellError, RequestRefused

_NOT_THERE = ("UndefinedTable", "UndefinedColumn", "InvalidSchemaName", "CatalogException", "BinderException")
_VALUES = ("ConversionException", "OutOfRangeException", "InvalidInputException", "InvalidTypeException", "DataError")
_DATA = ("NumericValueOutOfRange", "InvalidTextRepresentation", "DivisionByZero", "InvalidDatetimeFormat")
_FILES = ("IOException", "HTTPException", "SerializationException", "NotFoundException")
_FOREIGN = re.compile(r"^(psycopg|py4j|pyspark|duckdb|_duckdb)\b")


class NotEnoughMemory(RequestRefused):
    """A query needs more memory, or more disk beside it, than it may take."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turns an error of DuckDB, PostgreSQL, Spark or Ibis into one of ours; others pass."""
    try:
        yield
    except KeepwellError:
        raise
    except TableNotFound as error:
        raise RequestRefused(f"{where}: there is no table {error}") from None
    except (duckdb.Error, IbisError) as error:
        raise refusal(where, error) from None
    except Exception as error:
        if _FOREIGN.match(type(error).__module__):
            raise refusal(where, error) from None
        raise


def refusal(where: str, error: Exception) -> KeepwellError:
    """The error of ours that stands for one of a database's."""
    names = {kind.__name__ for kind in type(error).__mro__}
    said = first_sentence(error)
    if names & {"OutOfMemoryException", "OutOfMemory", "DiskFull"}:
        return NotEnoughMemory(f"{where}: not enough memory or disk for this query ({said}); raise the memory limit")
    if names & {"InterruptException", "QueryCanceled"}:
        return RequestRefused(f"{where}: the query was stopped ({said})")
    if names & set(_NOT_THERE) or _missing_in_spark(error):
        return RequestRefused(f"{where}: the query names something that does not exist: {said}")
    if names & {"InsufficientPrivilege"}:
        return RequestRefused(f"{where}: no permission: {said}")
    if names & {*_VALUES, *_DATA, "ArithmeticException", "NumberFormatException"}:
        return DataRefused(f"{where}: a value cannot be computed with: {said}")
    if names & set(_FILES):
        return DataRefused(f"{where}: a file cannot be read: {said}")
    if names & {"OperationalError", "ConnectionFailure", "ConnectionException", "Py4JNetworkError"}:
        return RequestRefused(f"{where}: no connection: {said}")
    return EngineFault(f"{where}: {type(error).__name__}: {said}")


def no_table(where: str, name: str, there: Sequence[str]) -> RequestRefused:
    """The refusal for a table that is not there, with those that are."""
    listed = ", ".join(sorted(there)[:30]) or "none"
    return RequestRefused(f"{where}: there is no table '{name}'; tables there: {listed}")


def first_sentence(error: BaseException) -> str:
    """The first line of a database's message without its class prefix."""
    lines = [line for line in str(error).splitlines() if line.strip()]
    return re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", lines[0])[:300] if lines else type(error).__name__


def _missing_in_spark(error: Exception) -> bool:
    return bool(re.search(r"TABLE_OR_VIEW_NOT_FOUND|UNRESOLVED_COLUMN|SCHEMA_NOT_FOUND", str(error)))
