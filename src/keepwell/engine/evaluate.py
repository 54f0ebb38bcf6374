"""Evaluates expressions over values: many at once, in one query, on a DuckDB inside the process.

Names, segments and nulls mean what the definition reference says ("Expressions"). Nothing of what users write reaches
the database as text: expressions are compiled, and their SQL is made by the compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from graphlib import TopologicalSorter

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from keepwell.definitions.expressions import AsOf, Expression, ExpressionError, names_in, segments_in, walk
from keepwell.definitions.names import unknown
from keepwell.definitions.project import Project
from keepwell.engine.columns import Column, one_array, truths
from keepwell.engine.metrics.compile import Compiled, Scope, as_condition, compile_expression
from keepwell.errors import DataRefused

_TABLE = "entities"
_FAULT = "fault:"
_SEGMENT_FAULT = "segment fault:"
_SEGMENT = "segment:"
_AS_OF = "as_of:"

Resolve = Callable[[str], Column | None]
"""Gives the column behind a name (dotted ones as `measure.usage`), or None where there is none."""


@dataclass(frozen=True)
class Evaluated:
    """Results of expressions by key, [n] each, and how many rows of each had arithmetic without a result.

    `segment_faults` are the same for the segments that were evaluated on the way.
    """

    columns: Mapping[str, pa.Array]
    faults: Mapping[str, int]
    segment_faults: Mapping[str, int] = field(default_factory=dict)

    def truth(self, key: str) -> npt.NDArray[np.bool_]:
        """[n]; null counts as false."""
        return truths(self.columns[key])


@dataclass(frozen=True)
class Formula:
    """A formula for each entity: `faults` counts rows without a result, `inputs` are the names it reads."""

    column: pa.Array
    faults: int
    inputs: frozenset[str]


class Evaluator:
    """Expressions over n entities.

    `resolve` finds columns of n rows. `segment`, if given, finds the truth of a segment; otherwise the segments of
    `project` are evaluated over the same entities, which is right for accounts.
    """

    def __init__(
        self, project: Project, resolve: Resolve, rows: int, as_of: date, *, segment: Resolve | None = None
    ) -> None:
        self._project = project
        self._resolve = resolve
        self._rows = rows
        self._as_of = as_of
        self._segment = segment

    def evaluate(self, expressions: Mapping[str, Expression], what: str = "'{}'") -> Evaluated:
        """All expressions in one query. `what` says in a refusal what the expression of a key is.

        Raises DataRefused for a name that is neither a metric nor an attribute, and for values of a type that does not
        fit.
        """
        if not expressions:
            return Evaluated({}, {})
        segments = () if self._segment else _reached(self._project, expressions.values())
        table = self._table([*expressions.values(), *(expression for _, expression in segments)])
        result = _run(_sql(tuple(expressions.items()), segments, table.schema, _finite(table), what), table)
        found = {key: one_array(result[key]) for key in expressions}
        return Evaluated(found, _faults(result, _FAULT), _faults(result, _SEGMENT_FAULT))

    def _table(self, expressions: list[Expression]) -> pa.Table:
        """The columns that the expressions read."""
        names = dict.fromkeys(name.dotted for expression in expressions for name in names_in(expression))
        columns = {name: self._column(name) for name in names}
        if self._segment is not None:
            given = dict.fromkeys(name for expression in expressions for name in segments_in(expression))
            columns |= {_SEGMENT + name: _typed(self._segment(name)) for name in given}
        if not columns or any(isinstance(node, AsOf) for expression in expressions for node in walk(expression)):
            columns[_AS_OF] = pa.repeat(pa.scalar(self._as_of, pa.date32()), self._rows)
        return pa.table(columns)

    def _column(self, name: str) -> pa.Array:
        column = self._resolve(name)
        if column is None:
            raise DataRefused(unknown("metric or attribute", name, self._project.metrics))
        return _typed(column)


def evaluate_formula(
    project: Project, formula: Expression, attributes: pa.Table, metrics: pa.Table, as_of: date
) -> Formula:
    """One formula over tables of attributes and metrics of the same n rows; a metric goes before an attribute."""

    def resolve(name: str) -> Column | None:
        table = next((one for one in (metrics, attributes) if name in one.column_names), None)
        return None if table is None else table[name]

    rows = metrics.num_rows if metrics.num_columns else attributes.num_rows
    evaluated = Evaluator(project, resolve, rows, as_of).evaluate({"value": formula})
    inputs = frozenset(name.dotted for name in names_in(formula))
    return Formula(evaluated.columns["value"], evaluated.faults.get("value", 0), inputs)


Named = tuple[tuple[str, Expression], ...]


@lru_cache(maxsize=256)
def _sql(expressions: Named, segments: Named, schema: pa.Schema, finite: frozenset[str], what: str) -> str:
    """The query for columns of such types: a pure function of its arguments, and slow beside running it: so it is kept.

    `segments` come in an order in which each stands behind those that it names. `finite` columns need no guard against
    NaN and infinity; arithmetic mentions a guarded operand twice, so guards make long expressions many times longer.
    """
    outputs: dict[str, ir.Value] = {}
    table = ibis.table(ibis.Schema.from_pyarrow(schema), name=_TABLE)
    scope = Scope(
        columns={name: table[name] for name in schema.names},
        as_of=table[_AS_OF] if _AS_OF in schema.names else None,
        segments={name.removeprefix(_SEGMENT): table[name] for name in schema.names if name.startswith(_SEGMENT)},
        finite=finite,
    )
    for name, expression in segments:
        compiled = _compiled(f"segment '{name}'", expression, scope)
        scope = replace(scope, segments={**(scope.segments or {}), name: as_condition(compiled)})
        if compiled.fault is not None:
            outputs[_SEGMENT_FAULT + name] = compiled.fault
    for key, expression in expressions:
        compiled = _compiled(what.format(key), expression, scope)
        outputs[key] = compiled.value
        if compiled.fault is not None:
            outputs[_FAULT + key] = compiled.fault
    return str(ibis.to_sql(table.select(**outputs), dialect="duckdb"))


def _finite(table: pa.Table) -> frozenset[str]:
    """The columns of floats without NaN and infinity. Looking is one quick pass."""
    floats = (name for name in table.column_names if pa.types.is_floating(table.schema.field(name).type))
    return frozenset(name for name in floats if pc.all(pc.is_finite(table[name])).as_py() is not False)


def _faults(result: pa.Table, prefix: str) -> dict[str, int]:
    names = [name for name in result.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): int(truths(result[name]).sum()) for name in names}


def _compiled(what: str, expression: Expression, scope: Scope) -> Compiled:
    try:
        return compile_expression(expression, scope)
    except ExpressionError as error:
        raise DataRefused(f"{what} does not fit the values: {error}") from None


def _run(sql: str, table: pa.Table) -> pa.Table:
    """Runs on a cursor of its own, so that threads do not see each other's tables. Rows stay in their order."""
    with _database().cursor() as cursor:
        cursor.register(_TABLE, table)
        return cursor.sql(sql).to_arrow_table()


@lru_cache(maxsize=1)
def _database() -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})
    database.execute("set timezone = 'UTC'")
    database.execute("set enable_progress_bar = false")  # it is drawn into pipes too
    return database


def _reached(project: Project, expressions: Iterable[Expression]) -> Named:
    """Segments that the expressions rest on, directly or through other segments, each behind those that it names."""
    graph: dict[str, tuple[str, ...]] = {}
    waiting = [name for expression in expressions for name in segments_in(expression)]
    while waiting:
        name = waiting.pop()
        if name not in graph:
            graph[name] = segments_in(project.segments[name])
            waiting.extend(graph[name])
    return tuple((name, project.segments[name]) for name in TopologicalSorter(graph).static_order())


def _typed(column: Column | None) -> pa.Array:
    """A column of nulls alone has no type of its own; as numbers it fits every expression that was checked."""
    assert column is not None
    array = one_array(column)
    return array.cast(pa.float64()) if pa.types.is_null(array.type) else array
