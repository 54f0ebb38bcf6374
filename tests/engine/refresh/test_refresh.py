"""Refreshing day after day gives what all facts give, and says what it did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from keepwell.engine.moments import Moment
from keepwell.engine.refresh.refresh import CHANGED, FIRST
from keepwell.engine.refresh.state import RefreshState
from tests.engine.refresh.growing import ADVANCED, IN_FULL, Growing, assert_same, at, day, growing_project, row

# an example takes half a second, and a smaller one would take minutes to find
PATIENT = settings(
    deadline=None,
    max_examples=8,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    return row(
        draw(st.integers(-12, 14)),
        account=draw(st.sampled_from(["A", "A", "B", "D", None])),
        late=draw(st.sampled_from([0, 0, 0, 1, 3, 8])),
        unit=draw(st.sampled_from(["u1", "u2", None])),
        user=draw(st.sampled_from(["u", "v", "w", "", None])),
        feature=draw(st.sampled_from(["a", "b", "c", None])),
        events=draw(st.sampled_from([0, 1, 2, 3, -2, None])),
        amount=draw(st.sampled_from([0.1, 0.5, 0.0, None])),
        closed=None,
    )


some_metrics = st.sets(st.sampled_from(sorted(ADVANCED)), min_size=2, max_size=7).map(
    lambda names: {name: ADVANCED[name] for name in sorted(names)}
)
steps = st.lists(st.tuples(st.integers(0, 4), st.sampled_from([12, 24, 40])), min_size=2, max_size=3)


def moments(drawn: list[tuple[int, int]]) -> list[Moment]:
    """Moments that never go back, neither in date nor in what was known."""
    found: list[Moment] = []
    number = 0
    for forward, hours in drawn:
        number += forward
        moment = at(number, hours)
        if not found or moment.known_at >= found[-1].known_at:
            found.append(moment)
    return found


@pytest.mark.slow
@PATIENT
@given(
    way=st.sampled_from(["in_order", "recorded", "waiting"]),
    units=st.booleans(),
    metrics=some_metrics,
    facts=st.lists(rows(), max_size=40),
    drawn=steps,
)
def test_refreshing_gives_what_all_facts_give(
    way: str, units: bool, metrics: dict[str, Any], facts: list[Mapping[str, Any]], drawn: list[tuple[int, int]]
) -> None:
    growing = Growing(growing_project([way], metrics, units=units))
    growing.add(facts)
    state: RefreshState | None = None
    for moment in moments(drawn):
        refreshed = growing.refreshed(moment, state)
        assert_same(refreshed.values, growing.in_full(moment))
        assert refreshed.rebuilt == {} or state is None
        state = refreshed.state


@pytest.mark.slow
@PATIENT
@given(
    way=st.sampled_from(["in_order", "recorded", "loaded"]),
    metrics=some_metrics,
    facts=st.lists(st.lists(rows(), max_size=15), min_size=3, max_size=3),
    drawn=steps,
)
def test_rows_may_come_at_any_time(
    way: str, metrics: dict[str, Any], facts: list[list[Mapping[str, Any]]], drawn: list[tuple[int, int]]
) -> None:
    growing = Growing(growing_project([way], metrics))
    state: RefreshState | None = None
    for moment, new in zip(moments(drawn), facts, strict=False):
        growing.add(new)
        refreshed = growing.refreshed(moment, state)
        assert_same(refreshed.values, growing.in_full(moment))
        assert way != "loaded" or refreshed.rebuilt == {} or state is None
        state = refreshed.state


@pytest.mark.slow
def test_a_value_that_was_never_seen_is_not_the_one_that_is_missing() -> None:
    growing = Growing(growing_project(["in_order"], ADVANCED))
    growing.add([row(1, feature=None), row(2, feature="c")])
    refreshed = growing.refreshed(at(2), None)
    assert_same(refreshed.values, growing.in_full(at(2)))
    assert refreshed.values.accounts.metrics["in_order_b_days"].to_pylist() == [0, 0, 0]


@pytest.mark.slow
def test_what_cannot_be_advanced_is_read_in_full_and_says_why() -> None:
    growing = Growing(growing_project(["revealed"], {**IN_FULL, "ever": ADVANCED["ever"]}))
    growing.add([row(number, amount=number / 10, closed=at(number + 3).as_of) for number in range(10)])
    first = growing.refreshed(at(4), None)
    second = growing.refreshed(at(5), first.state)
    assert_same(second.values, growing.in_full(at(5)))
    assert second.rebuilt == {}
    reasons = {name.removeprefix("revealed_"): reason for name, reason in second.in_full.items()}
    assert reasons.keys() == IN_FULL.keys()
    assert reasons["last"] == "latest() cannot be advanced"
    assert reasons["still_open"] == "it looks at as_of"
    assert reasons["amount"] == "it reads amount, known later"
    assert reasons["odd"] == "it reads amount, known later"


@pytest.fixture
def growing() -> Growing:
    found = Growing(growing_project(["in_order", "loaded"], ADVANCED, units=True))
    found.add([row(number, account="AB"[number % 2], user=f"u{number}") for number in range(10)])
    return found


def rebuilt(growing: Growing, state: RefreshState | None, number: int) -> set[tuple[str, str]]:
    refreshed = growing.refreshed(at(number), state)
    assert_same(refreshed.values, growing.in_full(at(number)))
    return {(key.dataset, reason) for key, reason in refreshed.rebuilt.items()}


@pytest.mark.slow
def test_the_first_time_everything_is_built(growing: Growing) -> None:
    assert rebuilt(growing, None, 5) == {("in_order", FIRST), ("loaded", FIRST)}


@pytest.mark.slow
def test_a_later_day_is_advanced_to(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    assert rebuilt(growing, state, 6) == set()
    assert rebuilt(growing, state, 200) == set()  # the same state serves again: it was not changed


@pytest.mark.slow
def test_an_earlier_day_starts_anew(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    assert {name for name, _ in rebuilt(growing, state, 4)} == {"in_order", "loaded"}


@pytest.mark.slow
def test_a_late_row_is_found_by_its_load_or_by_the_number_of_rows(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    growing.add([row(3, account="C")])
    ((name, reason),) = rebuilt(growing, state, 6)
    assert name == "in_order"
    assert reason == "of the days up to 2024-03-06 there were 6 rows, now there are 7"


@pytest.mark.slow
def test_rows_that_are_gone_have_the_part_built_anew(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    del growing.rows[2]
    assert {name for name, _ in rebuilt(growing, state, 6)} == {"in_order", "loaded"}


@pytest.mark.slow
def test_rows_that_were_added_up_leave_the_state_good() -> None:
    named = ("a_3", "a_9", "all_3", "breadth_9", "users_9", "days_9", "ever_summed", "ever_latest", "b_days")
    metrics = {**{name: ADVANCED[name] for name in named}, "breadth_9": {**ADVANCED["breadth_3"], "window": "9 days"}}
    growing = Growing(growing_project(["totals"], metrics))
    growing.add([row(number % 6, events=number) for number in range(30)])
    state = growing.refreshed(at(5), None).state
    growing.add([row(number % 6, events=100, account="AB"[number % 2]) for number in range(9)])
    growing.fold(day(5), apart=1)
    assert len(growing.rows) < 30
    assert rebuilt(growing, state, 5) == set()
    assert rebuilt(growing, state, 9) == set()
    growing.rows[0] = {**growing.rows[0], "events": 0}
    assert {name for name, _ in rebuilt(growing, state, 6)} == {"totals"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "metric",
    [
        {"aggregate": "count()", "window": "9 days"},
        {"aggregate": "days_active()", "where": "events > 2", "window": "9 days"},
        {"aggregate": "count_distinct(events)", "window": "9 days"},
    ],
)
def test_what_tells_rows_apart_is_built_anew_where_they_were_added_up(metric: dict[str, str]) -> None:
    growing = Growing(growing_project(["totals"], {"told_apart": metric}))
    growing.add([row(number % 6) for number in range(30)])
    state = growing.refreshed(at(5), None).state
    growing.fold(day(6), apart=1)
    assert {name for name, _ in rebuilt(growing, state, 6)} == {"totals"}


@pytest.mark.slow
def test_a_metric_that_changed_has_its_part_built_anew(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    changed = {**ADVANCED, "a_3": {**ADVANCED["a_3"], "window": "2 days"}}
    growing.project = growing_project(["in_order", "loaded"], changed, units=True)
    refreshed = growing.refreshed(at(6), state)
    assert_same(refreshed.values, growing.in_full(at(6)))
    windowed = {key.windowed for key, reason in refreshed.rebuilt.items() if reason == CHANGED}
    assert windowed == {True}


@pytest.mark.slow
def test_it_says_for_whom_rows_came(growing: Growing) -> None:
    state = growing.refreshed(at(5), None).state
    touched = growing.refreshed(at(6), state).touched
    assert touched["in_order", "account"].to_pylist() == ["A"]
    assert touched["in_order", "relationship"].to_pylist() == ["u1"]
    again = growing.refreshed(at(5, 30), state).touched  # nothing came in those hours
    assert again["in_order", "account"].to_pylist() == []
