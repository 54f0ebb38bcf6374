"""Evaluates expressions over values: many at once, in one query, on a DuckDB inside the process.

Names, segments and nulls mean what the definition reference says ("Expressions"). Nothing of what users write reaches
the database as text: expressions are compiled, and their SQL is made by the compiler.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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

from keepwell.definitions.expressions import AsOf, Expression, ExpressionError, Name, names_in, segments_in, walk
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

    `segment_faults` are the same for the segments that were evaluated on the way. `faulty` tells which rows they were.
    """

    columns: Mapping[str, pa.Array]
    faults: Mapping[str, int]
    segment_faults: Mapping[str, int] = field(default_factory=dict)
    faulty: Mapping[str, npt.NDArray[np.bool_]] = field(default_factory=dict)

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
    `project` are evaluated over the same entities, which is right for accounts. `as_of`: one date, or one a row.
    """

    def __init__(
        self, project: Project, resolve: Resolve, rows: int, as_of: date | pa.Array, *, segment: Resolve | None = None
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
        as_they_are = {key: column for key, one in expressions.items() if (column := self._bare(one)) is not None}
        asked = {key: one for key, one in expressions.items() if key not in as_they_are}
        if not asked:
            return Evaluated(as_they_are, {})
        segments = () if self._segment else _reached(self._project, asked.values())
        table = self._table([*asked.values(), *(expression for _, expression in segments)])
        result = _run(_sql(tuple(asked.items()), segments, table.schema, _finite(table), what), table)
        found = as_they_are | {key: one_array(result[key]) for key in asked}
        faulty = _faulty(result, _FAULT)
        return Evaluated(found, _counts(faulty), _counts(_faulty(result, _SEGMENT_FAULT)), faulty)

    def _bare(self, expression: Expression) -> pa.Array | None:
        """The column of an expression that is its name and nothing else, where it needs no query; None otherwise."""
        if not isinstance(expression, Name):
            return None
        column = self._column(expression.dotted)
        kinds = (pa.types.is_string, pa.types.is_boolean, pa.types.is_date32)
        return column if any(is_kind(column.type) for is_kind in kinds) else None

    def _table(self, expressions: list[Expression]) -> pa.Table:
        """The columns that the expressions read."""
        names = dict.fromkeys(name.dotted for expression in expressions for name in names_in(expression))
        columns = {name: self._column(name) for name in names}
        if self._segment is not None:
            given = dict.fromkeys(name for expression in expressions for name in segments_in(expression))
            columns |= {_SEGMENT + name: _typed(self._segment(name)) for name in given}
        if not columns or any(isinstance(node, AsOf) for expression in expressions for node in walk(expression)):
            columns[_AS_OF] = self._dates()
        return pa.table(columns)

    def _dates(self) -> pa.Array:
        if isinstance(self._as_of, date):
            return pa.repeat(pa.scalar(self._as_of, pa.date32()), self._rows)
        return self._as_of

    def _column(self, name: str) -> pa.Array:
        column = self._resolve(name)
        if column is None:
            raise DataRefused(unknown("metric or attribute", name, self._project.metrics))
        return _typed(column)


@dataclass(frozen=True)
class Place:
    """Where a formula is evaluated: attributes and metrics of the same n rows at one date."""

    attributes: pa.Table
    metrics: pa.Table
    as_of: date

    @property
    def rows(self) -> int:
        return self.metrics.num_rows if self.metrics.num_columns else self.attributes.num_rows

    def column(self, name: str) -> pa.Array | None:
        """The metric of that name, else the attribute; None where there is neither."""
        table = next((one for one in (self.metrics, self.attributes) if name in one.column_names), None)
        return None if table is None else one_array(table[name])


def evaluate_formula(project: Project, formula: Expression, places: Sequence[Place]) -> list[Formula]:
    """One formula at each of several places: in one query, which is many times faster than a query each."""
    inputs = frozenset(name.dotted for name in names_in(formula))
    read = names_in(formula), *(names_in(project.segments[name]) for name, _ in _reached(project, [formula]))
    names = dict.fromkeys(name.dotted for some in read for name in some)
    types = [[None if (c := place.column(name)) is None else c.type for name in names] for place in places]
    if any(one != types[0] for one in types):
        return [_formula(project, formula, [place], inputs)[0] for place in places]
    return _formula(project, formula, places, inputs)


def _formula(project: Project, formula: Expression, places: Sequence[Place], inputs: frozenset[str]) -> list[Formula]:
    def resolve(name: str) -> Column | None:
        columns = [place.column(name) for place in places]
        return None if columns[0] is None else pa.concat_arrays(columns)

    rows = [place.rows for place in places]
    days = pa.array(np.repeat(np.array([place.as_of for place in places], dtype="datetime64[D]"), rows))
    evaluated = Evaluator(project, resolve, sum(rows), days).evaluate({"value": formula})
    column, faulty = evaluated.columns["value"], evaluated.faulty.get("value", np.zeros(sum(rows), dtype=np.bool_))
    found, start = [], 0
    for count in rows:
        found.append(Formula(column.slice(start, count), int(faulty[start : start + count].sum()), inputs))
        start += count
    return found


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


def _faulty(result: pa.Table, prefix: str) -> dict[str, npt.NDArray[np.bool_]]:
    names = [name for name in result.column_names if name.startswith(prefix)]
    return {name.removeprefix(prefix): truths(result[name]) for name in names}


def _counts(faulty: Mapping[str, npt.NDArray[np.bool_]]) -> dict[str, int]:
    return {name: int(mask.sum()) for name, mask in faulty.items()}


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
