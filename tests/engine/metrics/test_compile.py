"""Compiled expressions on DuckDB, and what SQL they become. What they mean on every backend: tests/backends."""

from __future__ import annotations

from datetime import date

import ibis
import pytest

from keepwell.definitions.expressions import ExpressionError, ValueType, parse
from keepwell.engine.metrics.compile import Compiled, Scope, as_condition, compile_expression

ROWS = ibis.table(
    {
        "seats": "int64", "users": "int32", "arr": "float64", "price": "decimal(10, 2)", "priority": "string",
        "active": "boolean", "started": "date", "seen": "timestamp", "measure.adoption": "float64", "id": "uuid",
        "tags": "array<string>",
    },
    name="accounts",
)  # fmt: skip


def scope(dialect: str = "duckdb", **changes: object) -> Scope:
    columns = {name: ROWS[name] for name in ROWS.columns}
    return Scope(columns, ibis.date(2024, 3, 31), {"large": ROWS["seats"] > 100}, dialect, **changes)  # type: ignore[arg-type]


def compiled(text: str, dialect: str = "duckdb") -> Compiled:
    return compile_expression(parse(text), scope(dialect))


def sql(value: ibis.Value, dialect: str = "duckdb") -> str:
    written = " ".join(ibis.to_sql(ROWS.select(x=value), dialect=dialect).split())
    return written.removeprefix("SELECT ").split(' AS "x" FROM')[0].replace("( ", "(").replace(" )", ")")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("priority = 'urgent'", '"t0"."priority" = \'urgent\''),
        ("seats >= 200", '"t0"."seats" >= 200'),
        ("200 <= users", '200 <= "t0"."users"'),
        ("seats > users", '"t0"."seats" > "t0"."users"'),
        ("seats between 1 and 10", '"t0"."seats" BETWEEN 1 AND 10'),
        ("seats in (1, 2)", '"t0"."seats" IN (1, 2)'),
        ("priority in ('a', 'b')", "\"t0\".\"priority\" IN ('a', 'b')"),
        ("priority < 'b'", '"t0"."priority" < \'b\''),
        ("priority like 'a%'", '"t0"."priority" LIKE \'a%\''),
        ("started >= '2024-01-31'", '"t0"."started" >= MAKE_DATE(2024, 1, 31)'),
        ("started <= as_of", '"t0"."started" <= MAKE_DATE(2024, 3, 31)'),
        ("seen < '2024-01-31'", '"t0"."seen" < MAKE_TIMESTAMP(2024, 1, 31, 0, 0, 0.0)'),
        ("active", '"t0"."active"'),
        ("not active", 'NOT ("t0"."active")'),
        ("seats", '"t0"."seats"'),
        ("seats is null", '"t0"."seats" IS NULL'),
        ("users / seats", 'CAST("t0"."users" AS DOUBLE) / NULLIF(CAST("t0"."seats" AS DOUBLE), 0)'),
        ("seats * 2 + 1", '(CAST("t0"."seats" AS DOUBLE) * CAST(2 AS DOUBLE)) + CAST(1 AS DOUBLE)'),
    ],
)
def test_common_expressions_become_plain_sql(text: str, expected: str) -> None:
    assert sql(compiled(text).value) == expected


@pytest.mark.slow
def test_columns_known_to_be_finite_are_not_asked() -> None:
    found = compile_expression(parse("arr >= 200"), scope(finite={"arr"}))
    assert sql(found.value) == '"t0"."arr" >= 200'
    assert "CASE" in sql(compiled("arr >= 200").value)


@pytest.mark.parametrize(
    "text",
    ["seats >= 200", "seats + users", "seats * 2", "seats / 2", "seats % 7", "priority like 'a'", "abs(arr)",
     "round(arr, 2)",
     "coalesce(arr, 0)", "date_diff('day', started, as_of)", "in_segment('large')", "price > 3", "sqrt(4)", "ln(2)"],
)  # fmt: skip
def test_what_cannot_fault_has_no_fault(text: str) -> None:
    found = compiled(text)
    assert found.fault is None or text in ("sqrt(4)", "ln(2)")


@pytest.mark.parametrize(
    "text", ["users / seats", "arr + arr", "ln(arr)", "cast(priority as number)", "power(2, seats)"]
)
def test_what_can_fault_has_one(text: str) -> None:
    assert compiled(text).fault is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("users / seats", ValueType.NUMBER), ("priority", ValueType.TEXT), ("seats > 1", ValueType.BOOLEAN),
        ("as_of", ValueType.DATE), ("coalesce(seen, as_of)", ValueType.TIMESTAMP), ("null", ValueType.NULL),
        ("id", ValueType.TEXT), ("price", ValueType.NUMBER),
    ],
)  # fmt: skip
def test_types_are_known_before_anything_runs(text: str, found: ValueType) -> None:
    assert compiled(text).type is found


def test_dotted_names_stand_for_columns() -> None:
    assert "measure.adoption" in sql(compiled("measure.adoption < 50").value)


def test_a_condition_reads_null_as_false() -> None:
    connection = ibis.duckdb.connect()
    rows = ibis.memtable({"seats": [250, 3, None]}, schema={"seats": "int64"})
    found = compile_expression(parse("seats > 200"), Scope({"seats": rows["seats"]}))
    query = connection.compile(rows.select(x=as_condition(found)))
    connection._run_pre_execute_hooks(rows)
    assert connection.con.execute(query).fetchall() == [(True,), (False,), (False,)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nothing > 1", "unknown name `nothing`"),
        ("lower(seats) = nothing", "number where a text is needed: `seats`"),
        ("in_segment('small')", "unknown segment 'small'"),
        ("priority + 1", "text where a number is needed"),
    ],
)
def test_what_does_not_fit_the_columns_is_refused(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        compiled(text)
    assert message in str(refusal.value)


def test_as_of_and_segments_need_a_meaning() -> None:
    columns = {"started": ROWS["started"]}
    with pytest.raises(ExpressionError, match="`as_of` has no meaning here"):
        compile_expression(parse("started < as_of"), Scope(columns))
    with pytest.raises(ExpressionError, match="`in_segment` has no meaning"):
        compile_expression(parse("in_segment('large')"), Scope(columns))


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    "text",
    [
        "arr" + " / (arr" * 40 + ")" * 40,
        "ln(" * 60 + "arr" + ")" * 60,
        "round(" * 30 + "arr" + ", 1)" * 30,
        "power(" * 30 + "arr" + ", arr)" * 30,
    ],
)
def test_what_would_grow_too_large_is_refused_before_any_backend_sees_it(text: str, dialect: str) -> None:
    with pytest.raises(ExpressionError, match="too many operations inside each other"):
        compiled(text, dialect)


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["duckdb", "postgres"])
@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["seats"] * 100),
        " or ".join(f"priority = 'p{index}'" for index in range(100)),
        "case " + " ".join(f"when seats > {index} then users / {index + 1}" for index in range(100)) + " end",
        "greatest(0, least(100, round(100 * (users - seats) / nullif(abs(seats), 0), 1)))",
        "coalesce(" + ", ".join(["arr / seats"] * 20) + ")",
    ],
)
def test_long_expressions_compile(text: str, dialect: str) -> None:
    assert sql(compiled(text, dialect).value, dialect)


def test_text_orders_by_code_point_whatever_the_collation() -> None:
    assert sql(compiled("priority < 'b'", "postgres").value, "postgres").startswith("TEXT_PATTERN_LT")
    assert "CONVERT_TO" in sql(compiled("greatest(priority, 'b')", "postgres").value, "postgres")


def test_days_are_whole_in_the_result_type() -> None:
    connection = ibis.duckdb.connect()
    columns = {"started": ibis.date(2024, 1, 31)}
    for text in ("date_add('day', 1, started)", "date_add('month', 1, started)", "cast('2024-02-01' as date)"):
        value = compile_expression(parse(text), Scope(columns)).value  # type: ignore[arg-type]
        (found,) = connection.con.execute(connection.compile(value)).fetchall()[0]
        assert type(found) is date
