from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from keepwell.definitions.expressions import parse
from keepwell.engine.evaluate import Evaluator, Place, evaluate_formula
from keepwell.errors import DataRefused
from tests.engine.asking import AS_OF, attributes_as_metrics, card_of, entities_of, project_of, scored

TABLE = pa.table({"x": pa.array([1.0, None, 0.0]), "name": ["Anna", "b", None], "on": pa.array([AS_OF, None, AS_OF])})
PROJECT = project_of({"card": card_of({"m": {"manual": True}})}, segments={"one": "x = 1", "risky": "1 / x > 0"})


def evaluator() -> Evaluator:
    return Evaluator(PROJECT, lambda name: TABLE[name] if name in TABLE.column_names else None, 3, AS_OF)


def test_many_expressions_at_once() -> None:
    found = evaluator().evaluate(
        {"a": parse("x + 1"), "b": parse("lower(name)"), "c": parse('"on" = as_of'), "d": parse("true")}
    )
    assert found.columns["a"].to_pylist() == [2, None, 1]
    assert found.columns["b"].to_pylist() == ["anna", "b", None]
    assert found.columns["c"].to_pylist() == [True, None, True]
    assert found.truth("c").tolist() == [True, False, True]
    assert found.truth("d").tolist() == [True, True, True]


def test_faults_are_counted_for_each_expression_and_segment() -> None:
    found = evaluator().evaluate({"a": parse("1 / x"), "b": parse("x + 1"), "c": parse("in_segment('risky')")})
    assert found.columns["a"].to_pylist() == [1, None, None]
    assert found.faults == {"a": 1}
    assert found.segment_faults == {"risky": 1}
    assert found.truth("c").tolist() == [True, False, False]


def test_segments_may_be_given() -> None:
    given = Evaluator(PROJECT, lambda name: TABLE[name], 3, AS_OF, segment=lambda _: pa.array([False, True, False]))
    assert given.evaluate({"a": parse("in_segment('one')")}).truth("a").tolist() == [False, True, False]


def test_a_bare_name_is_its_column() -> None:
    found = evaluator().evaluate({"name": parse("name"), "on": parse('"on"'), "x": parse("x"), "more": parse("x + 1")})
    assert {key: column.to_pylist() for key, column in found.columns.items()} == {
        "name": ["Anna", "b", None], "on": [AS_OF, None, AS_OF], "x": [1, None, 0], "more": [2, None, 1]
    }  # fmt: skip
    with pytest.raises(DataRefused, match="'z'"):
        evaluator().evaluate({"a": parse("z")})


def test_a_column_of_nulls_alone_fits() -> None:
    table = {"x": pa.nulls(2)}
    found = Evaluator(PROJECT, table.get, 2, AS_OF).evaluate({"a": parse("coalesce(x, 3) + 1")})
    assert found.columns["a"].to_pylist() == [4, 4]


def test_infinity_reads_as_null_also_where_the_column_before_had_none() -> None:
    asked = {"a": parse("coalesce(x, 3) + 1"), "b": parse("x > 0")}
    for values, sums in (([1.0, None, 0.0], [2, 4, 1]), ([float("inf"), float("nan"), float("-inf")], [4, 4, 4])):
        table = {"x": pa.array(values)}
        found = Evaluator(PROJECT, table.get, 3, AS_OF).evaluate(asked)
        assert found.columns["a"].to_pylist() == sums
    assert found.columns["b"].to_pylist() == [None, None, None]


def test_nothing_to_evaluate() -> None:
    assert evaluator().evaluate({}).columns == {}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(DataRefused, match="'z'"):
        evaluator().evaluate({"a": parse("z > 1")})


def test_a_formula_reads_metrics_before_attributes() -> None:
    attributes, metrics = pa.table({"x": [1.0, 2.0], "y": [10.0, 20.0]}), pa.table({"x": [5.0, None]})
    (found,) = evaluate_formula(PROJECT, parse("x + y"), [Place(attributes, metrics, date(2026, 1, 1))])
    assert found.column.to_pylist() == [15, None]
    assert found.inputs == {"x", "y"}
    assert found.faults == 0


def test_a_formula_at_many_places_gives_what_each_gives_alone() -> None:
    formula = parse("case when as_of > date '2026-01-01' then x / y else x end")
    places = [
        Place(pa.table({"y": values}), pa.table({"x": [1.0, None]}), date(2026, 1, day))
        for day, values in ((1, [0.0, 1.0]), (2, [0.0, 2.0]), (3, [4.0, 5.0]))
    ]
    together = evaluate_formula(PROJECT, formula, places)
    assert [one.column.to_pylist() for one in together] == [[1, None], [None, None], [0.25, None]]
    assert [one.faults for one in together] == [0, 1, 0]
    of_other_types = [Place(pa.table({"x": [1]}), pa.table({"z": [1.0]}), date(2026, 1, 1)), places[0]]
    assert [one.column.to_pylist() for one in evaluate_formula(PROJECT, parse("x + 1"), of_other_types)] == [
        [2],
        [2, None],
    ]


def test_faults_become_warnings_that_name_the_place() -> None:
    overrides = [{"name": "ratio", "when": "10 / m > 1", "effect": {"at_most": "red"}}]
    project = project_of({"card": card_of(["m"], overrides=overrides)}, attributes_as_metrics("m"))
    rows = [{"id": "a", "m": 0.0}, {"id": "b", "m": 0.0}, {"id": "c", "m": 5.0}]
    (warning,) = scored(project, entities_of(rows, metrics=["m"])).warnings
    assert "override 'ratio'" in warning
    assert "2 accounts" in warning
