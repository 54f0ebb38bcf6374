"""Widgets on the grid: whatever is done to them, none stands over another, none floats, and none gets lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.apps.dashboards.arranging.grid import (
    STEPS,
    compacted,
    is_over,
    laid_out,
    moved,
    resized,
    stepped,
)
from keepwell.definitions.dashboards import Dashboard
from keepwell.definitions.widget_parts import COLUMNS, Place

COUNT = {"chart": "number", "dataset": "accounts", "measure": "count()"}
LINE = {"chart": "line", "dataset": "scores", "by": "week", "measures": {"n": "count()"}}


def place(x: int, y: int, w: int, h: int) -> Place:
    return Place(x=x, y=y, w=w, h=h)


def said(places: dict[str, Place]) -> dict[str, tuple[int, int, int, int]]:
    return {name: (one.x, one.y, one.w, one.h) for name, one in places.items()}


def laid(**widgets: Any) -> dict[str, tuple[int, int, int, int]]:
    return said(laid_out(Dashboard.model_validate({"widgets": widgets}).widgets))


TWO = {"a": place(0, 0, 6, 2), "b": place(0, 2, 6, 2), "c": place(6, 0, 6, 4)}


def test_what_has_no_place_stands_behind_the_one_before_or_in_the_next_row() -> None:
    assert laid(a=COUNT, b=COUNT, c=LINE, d=LINE) == {
        "a": (0, 0, 3, 2), "b": (3, 0, 3, 2), "c": (6, 0, 6, 4), "d": (0, 2, 6, 4),
    }  # fmt: skip


def test_places_that_overlap_are_put_below_each_other() -> None:
    both = {**COUNT, "place": {"x": 0, "y": 3, "w": 4, "h": 2}}
    assert laid(a=both, b=both) == {"a": (0, 0, 4, 2), "b": (0, 2, 4, 2)}


def test_one_that_is_dropped_on_another_pushes_it_down() -> None:
    assert said(moved(TWO, "c", 0, 0)) == {"a": (0, 4, 6, 2), "b": (0, 6, 6, 2), "c": (0, 0, 6, 4)}


def test_one_that_is_moved_down_changes_places_with_what_it_passes() -> None:
    assert said(stepped(TWO, "a", "down")) == {"a": (0, 2, 6, 2), "b": (0, 0, 6, 2), "c": (6, 0, 6, 4)}
    assert said(stepped(stepped(TWO, "a", "down"), "a", "up")) == said(TWO)


def test_one_that_grows_pushes_what_is_in_its_way_and_stays_in_the_grid() -> None:
    assert said(stepped(TWO, "a", "wider"))["c"] == (6, 2, 6, 4)
    assert said(resized(TWO, "c", 40, 99))["c"] == (6, 0, 6, 50)


@pytest.mark.parametrize(("name", "step"), [("a", "up"), ("a", "left"), ("b", "down"), ("c", "right"), ("c", "wider")])
def test_where_there_is_nowhere_to_go_nothing_changes(name: str, step: Any) -> None:
    assert stepped(TWO, name, step) == TWO


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Place]:
    found = {}
    for name in "abcdefg"[: draw(st.integers(1, 7))]:
        w = draw(st.integers(1, COLUMNS))
        found[name] = place(draw(st.integers(0, COLUMNS - w)), draw(st.integers(0, 9)), w, draw(st.integers(1, 5)))
    return compacted(found)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(grids(), st.data())
def test_nothing_overlaps_floats_or_is_lost_whatever_is_done(grid: dict[str, Place], data: st.DataObject) -> None:
    for _ in range(4):
        name = data.draw(st.sampled_from(sorted(grid)))
        after = data.draw(st.sampled_from([
            moved(grid, name, data.draw(st.integers(-3, 14)), data.draw(st.integers(-3, 20))),
            resized(grid, name, data.draw(st.integers(-1, 14)), data.draw(st.integers(-1, 60))),
            stepped(grid, name, data.draw(st.sampled_from(STEPS))),
        ]))  # fmt: skip
        names = list(after)
        assert sorted(names) == sorted(grid)
        pairs = [(one, other) for one in names for other in names if one < other]
        assert not any(is_over(after[one], after[other]) for one, other in pairs)
        assert all(one.x >= 0 and one.x + one.w <= COLUMNS for one in after.values())
        assert said(compacted(after)) == said(after)
        grid = after
