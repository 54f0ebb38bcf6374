"""Answers as columns, and what each kind of question comes to, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from keepwell.engine.surveys.columns import columns_of
from keepwell.engine.surveys.scoring import Scored
from keepwell.engine.surveys.summaries import Chosen, Ranked, Rows, Written, summary
from tests.engine.surveys.asking import made

_OF = [{"value": v, "text": v} for v in ("api", "web", "app")]
SURVEY = made(
    {"name": "nps", "kind": "nps"},
    {"name": "one", "kind": "single_choice", "choices": _OF},
    {"name": "some", "kind": "multiple_choice", "choices": _OF},
    {"name": "order", "kind": "ranking", "choices": _OF, "at_most": 2},
    {"name": "grid", "kind": "matrix", "rows": _OF[:2], "columns": _OF},
    {"name": "why", "kind": "text"},
)
ANSWERS = [
    {"nps": 9.0, "one": "web", "some": ("api", "web"), "order": ("web", "api"), "grid": {"api": "app", "web": "api"},
     "why": "Good."},
    {"nps": 2.0, "one": "api", "some": ("web",), "order": ("web", "app"), "grid": {"api": "app"}, "why": "No"},
    {"one": "web"},
    {"nps": None, "some": None, "one": "gone"},
]  # fmt: skip


def test_columns_hold_numbers_places_and_nothing() -> None:
    columns = columns_of(SURVEY, ANSWERS)
    assert list(columns) == ["nps", "one", "some.api", "some.web", "some.app", "order.api", "order.web", "order.app",
                             "grid.api", "grid.web", "why"]  # fmt: skip
    nothing = np.nan
    expected = {
        "nps": [9, 2, nothing, nothing], "one": [1, 0, 1, nothing], "some.api": [1, 0, nothing, nothing],
        "order.api": [2, nothing, nothing, nothing], "order.web": [1, 1, nothing, nothing],
        "grid.api": [2, 2, nothing, nothing], "grid.web": [0, nothing, nothing, nothing],
        "why": [5, 2, nothing, nothing],
    }  # fmt: skip
    for name, column in expected.items():
        np.testing.assert_array_equal(columns[name], column, err_msg=name)


def test_each_kind_comes_to_its_own_numbers() -> None:
    columns = columns_of(SURVEY, ANSWERS)
    nps, one, some, order, grid, why = (summary(question, columns) for question in SURVEY.questions)
    assert isinstance(nps, Scored)
    assert nps.score is not None
    assert (nps.score.value, nps.score.count) == (0, 2)
    assert isinstance(one, Chosen)
    assert (one.answered, one.counts) == (3, {"api": 1, "web": 2, "app": 0})
    assert one.shares["web"] is not None
    assert one.shares["web"].value == pytest.approx(200 / 3)
    assert isinstance(some, Chosen)
    assert (some.answered, some.counts) == (2, {"api": 1, "web": 2, "app": 0})
    assert isinstance(order, Ranked)
    assert order.answered == 2
    assert [(each.value, each.count, each.first) for each in order.placed] == [
        ("web", 2, 2), ("api", 1, 0), ("app", 1, 0),
    ]  # fmt: skip
    assert isinstance(grid, Rows)
    assert grid.answered == 2
    assert grid.rows["api"].counts == {"api": 0, "web": 0, "app": 2}
    assert grid.rows["web"].answered == 1
    assert why == Written(2, 3.5)


def test_without_answers_there_are_counts_and_no_shares() -> None:
    columns = columns_of(SURVEY, [])
    one, order, why = (summary(SURVEY.question(name), columns) for name in ("one", "order", "why"))
    assert isinstance(one, Chosen)
    assert set(one.shares.values()) == {None}
    assert isinstance(order, Ranked)
    assert {each.place for each in order.placed} == {None}
    assert why == Written(0, None)
