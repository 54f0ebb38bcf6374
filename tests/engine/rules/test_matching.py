"""Conditions answered by NumPy mean what the compiler of expressions says they mean."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.definitions import Project
from keepwell.definitions.expressions import parse
from keepwell.engine.columns import one_array
from keepwell.engine.evaluate import Evaluator
from keepwell.engine.rules.matching import matches, truths_of
from keepwell.engine.rules.program import BLOCK
from keepwell.engine.rules.reasons import reasons
from tests.engine.rules.making import rule

DAY = date(2026, 3, 2)
PROJECT = Project(segments={"large": parse("seats >= 10 and plan <> 'free'"), "odd": parse("not in_segment('large')")})
TABLE = pa.table(
    {
        "score": pa.array([10.0, 50.0, None, 90.5, float("nan"), -1.0]),
        "seats": pa.array([10, 3, None, 12, 8, 11], pa.int64()),
        "plan": pa.array(["pro", "free", None, "pro", "", "basic"]),
        "paying": pa.array([True, False, None, True, True, False]),
        "renews_on": pa.array([DAY, date(2026, 1, 1), None, date(2027, 1, 1), DAY, date(1969, 5, 5)]),
        "label": pa.nulls(6),
    }
)

ATOMS = [
    "score < 50", "score >= seats", "seats <> 10", "seats = 10", "10 >= seats", "score <> seats", "score + seats > 20",
    "plan = 'pro'", "plan <> 'pro'", "plan < 'pro'", "plan in ('pro', 'x')", "plan not in ('pro', 'free')",
    "plan in ('pro', null)", "plan not in ('pro', null)", "lower(plan) = 'pro'", "plan like 'p%'", "plan = plan",
    "paying", "paying = true", "paying is null", "seats in (3, 10)", "seats not in (3, 10)", "seats in (3, null)",
    "score between 0 and 60", "score not between 0 and seats", "renews_on <= as_of", "renews_on = '2026-03-02'",
    "renews_on > date '2025-12-31'", "date_diff('day', as_of, renews_on) < 100", "renews_on is not null",
    "score is null", "in_segment('large')", "in_segment('odd')", "true", "null", "score = null", "seats / 0 > 1",
    "coalesce(score, 0) < 5", "case when paying then seats > 5 else false end", "label = 'red'", "label is null",
    "nullif(score, 50) is null", "renews_on between '2026-01-01' and as_of",
]  # fmt: skip


def agrees(text: str) -> None:
    expression = parse(text)
    evaluator = Evaluator(
        PROJECT, lambda name: one_array(TABLE[name]) if name in TABLE.column_names else None, TABLE.num_rows, DAY
    )
    expected = evaluator.evaluate({"it": expression}).truth("it").tolist()
    assert truths_of(PROJECT, TABLE, DAY, {"it": expression})["it"].tolist() == expected, text


@pytest.mark.slow
@pytest.mark.parametrize("atom", [one for one in ATOMS if "label =" not in one])
def test_each_comparison_and_its_opposite_mean_the_same(atom: str) -> None:
    agrees(atom)
    agrees(f"not ({atom})")


def test_a_column_of_nulls_equals_nothing() -> None:
    found = truths_of(PROJECT, TABLE, DAY, {0: parse("label = 'red'"), 1: parse("not (label = 'red')")})
    assert not found[0].any()
    assert not found[1].any()


CONDITIONS = st.recursive(
    st.sampled_from([one for one in ATOMS if "label" not in one]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda one: f"({' '.join(one)})"),
        inner.map(lambda one: f"not ({one})"),
    ),
    max_leaves=8,
)


@pytest.mark.slow
@given(CONDITIONS)
@settings(deadline=None, max_examples=60)
def test_any_condition_means_the_same(text: str) -> None:
    agrees(text)


def test_rows_of_all_blocks_are_answered_in_their_order() -> None:
    scores = np.arange(2 * BLOCK + 7, dtype=np.float64)
    table = pa.table({"account_id": pa.array(scores).cast(pa.string()), "score": scores})
    shared = {"a": rule(when="score >= 5 and score < 9"), "b": rule(when="score >= 5 and score > 40000")}
    found = matches(Project(rules=shared), table, DAY)
    assert np.flatnonzero(found.when["a"]).tolist() == [5, 6, 7, 8]
    assert not found.when["b"].any()
    shared["b"] = rule(when="score >= 5 and score > 32770")
    assert np.flatnonzero(matches(Project(rules=shared), table, DAY).when["b"])[0] == 32771


def test_a_rule_whose_column_is_gone_says_so_and_the_others_are_asked() -> None:
    rules = {"a": rule(when="seats > 9"), "b": rule(when="satisfaction > 9"), "c": rule(when="in_segment('gone')")}
    project = Project(rules=rules, segments={"gone": parse("no_longer = 1")})
    found = matches(project, TABLE, DAY)
    assert found.when["a"].tolist() == [True, False, False, True, False, True]
    assert sorted(found.refused) == ["b", "c"]
    assert "satisfaction" in found.refused["b"]
    assert "no_longer" in found.refused["c"]


def test_when_counts_inside_the_scope_alone() -> None:
    found = matches(Project(rules={"a": rule(scope="plan = 'pro'", when="score > 5")}), TABLE, DAY)
    assert found.scope["a"].tolist() == [True, False, False, True, False, False]
    assert found.when["a"].tolist() == [True, False, False, True, False, False]


def test_rules_that_are_not_enabled_are_asked_by_name_alone() -> None:
    project = Project(rules={"a": rule(enabled=False)})
    assert not matches(project, TABLE, DAY).when
    assert "a" in matches(project, TABLE, DAY, ["a"]).when


def test_reasons_name_each_part_with_what_it_saw() -> None:
    table = pa.table({"score": [40.0, 60.0], "change_over(score, 28)": [-20.0, None], "plan": ["pro", "x"]})
    condition = parse("score < 50 and change_over(score, 28) <= -15 and (plan = 'pro' or score < 1)")
    first, second = reasons(Project(), [condition], table, DAY, [0, 1])
    assert [(one.condition, one.name, one.value, one.holds) for one in first] == [
        ("score < 50", "score", 40.0, True),
        ("change_over(score, 28) <= -15", "change_over(score, 28)", -20.0, True),
        ("plan = 'pro' or score < 1", "plan", "pro", True),
        ("plan = 'pro' or score < 1", "score", 40.0, True),
    ]
    assert [one.holds for one in second] == [False, False, False, False]
