"""Binds definitions to the columns of the data: every name exists and every type fits, or all that fails is listed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import ibis.expr.datatypes as dt
import ibis.expr.types as ir

from keepwell.definitions.binding import Schemas, check_columns
from keepwell.definitions.columns import numeric_columns
from keepwell.definitions.expressions import ValueType
from keepwell.definitions.project import Project
from keepwell.engine.facts import FactSource, TellsMisfits
from keepwell.errors import DefinitionsRefused


def bind(project: Project, source: FactSource, *, with_dashboards: bool = False) -> None:
    """Raises DefinitionsRefused with every column that is not there and every type that does not fit.

    Dashboards are left out unless asked for: a widget that names a column which has gone says so itself, and is no
    reason not to score. Raises DataRefused where a dataset cannot be read at all.
    """
    columns = schemas(project, source)
    try:
        check_columns(project if with_dashboards else replace(project, dashboards={}), columns)
    except DefinitionsRefused as refused:
        raise DefinitionsRefused(*refused.problems, *_misfits(project, columns, source)) from None


def _misfits(project: Project, columns: Schemas, source: FactSource) -> Iterator[str]:
    """Of columns that should be numbers and are text: the values that make them text."""
    if not isinstance(source, TellsMisfits):
        return
    for dataset, column in sorted(set(numeric_columns(project))):
        if columns[dataset].get(column) is ValueType.TEXT:
            yield from source.misfits(dataset, column, "number")


def schemas(project: Project, source: FactSource) -> Schemas:
    """The columns of every dataset and their types in the expression language."""
    return {name: _types(source.table(name)) for name in project.datasets}


def _types(table: ir.Table) -> Mapping[str, ValueType]:
    return {name: value_type(kind) for name, kind in table.schema().items()}


def value_type(kind: dt.DataType) -> ValueType:
    """The type of the expression language for a column type; UNKNOWN for types it has no word for."""
    for known, found in _TYPES:
        if isinstance(kind, known):
            return found
    return ValueType.UNKNOWN


_TYPES: tuple[tuple[type[dt.DataType], ValueType], ...] = (
    (dt.Boolean, ValueType.BOOLEAN),
    (dt.Numeric, ValueType.NUMBER),
    (dt.String, ValueType.TEXT),
    (dt.UUID, ValueType.TEXT),
    (dt.Date, ValueType.DATE),
    (dt.Timestamp, ValueType.TIMESTAMP),
    (dt.Null, ValueType.UNKNOWN),
)
