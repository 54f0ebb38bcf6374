"""When rules act: worked by hand, against a second implementation, and what must hold of any history."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.definitions.rules import Rule
from keepwell.engine.rules.chance import draw, held_out
from keepwell.engine.rules.starting import Start
from tests.engine.rules import reference
from tests.engine.rules.making import DAY, LOG, decided, fired, over, rule

UNTIL = {"when": "score >= 50", "persists": "2 days", "actions": (LOG,)}


def days(found: list[tuple[date, str]], part: str = "actions") -> list[int]:
    """Counted from the first date."""
    return [(day - DAY).days for day, said in found if said == part]


def when(*truths: int) -> list[tuple[bool, bool]]:
    """`until` is true where `when` is not."""
    return [(bool(one), not one) for one in truths]


def test_a_rule_fires_once_while_its_condition_holds() -> None:
    found, _ = over(rule(), when(1, 1, 1, 1))
    assert days(found) == [0]


@pytest.mark.parametrize(
    ("persists", "truths", "expected"),
    [
        ("3 days", (1, 1, 1, 1, 1), [3]),
        ("3 days", (1, 1, 1, 0, 1, 1, 1, 1), [7]),
        ("2 runs", (1, 1, 1), [1]),
        ("2 runs", (1, 0, 1, 0, 1, 1), [5]),
        ("3 days", (1, 0, 1, 0, 1, 0), []),
    ],
)
def test_a_condition_must_have_held_without_a_break(
    persists: str, truths: tuple[int, ...], expected: list[int]
) -> None:
    found, _ = over(rule(persists=persists), when(*truths))
    assert days(found) == expected


@pytest.mark.slow
def test_a_condition_that_flaps_for_a_month_is_one_firing() -> None:
    assert days(over(rule(), when(*[1, 0] * 15))[0]) == [0]
    assert days(over(rule(until=UNTIL), when(*[1, 0] * 15))[0]) == [0]
    assert days(over(rule(until=UNTIL), when(*[1, 1, 1, 0, 0, 0] * 5))[0]) == [0]


@pytest.mark.slow
def test_what_turned_again_after_the_cool_down_fires_again() -> None:
    truths = [1] * 5 + [0] * 5 + [1] * 30
    assert days(over(rule(repeat={"cool_down": "7 days"}), when(*truths))[0]) == [0, 10]
    assert days(over(rule(), when(*truths))[0]) == [0, 30]  # it still holds when thirty days have passed


def test_while_it_holds_it_fires_at_each_cool_down() -> None:
    repeat = {"cool_down": "7 days", "while_it_holds": True}
    assert days(over(rule(repeat=repeat), when(*[1] * 20))[0]) == [0, 7, 14]


def test_no_more_than_at_most_in_its_time() -> None:
    repeat = {"cool_down": "0 days", "at_most": 2, "per": "10 days"}
    assert days(over(rule(repeat=repeat), when(*[1, 0] * 10))[0]) == [0, 2, 10, 12]


def test_until_ends_it_after_it_has_held_and_then_it_may_fire_again() -> None:
    one = rule(until=UNTIL, repeat={"cool_down": "0 days"})
    found, state = over(one, when(1, 1, 0, 0, 0, 0, 1))
    assert (days(found), days(found, "until")) == ([0, 6], [4])
    assert state is not None
    assert state.to_pylist()[0]["occurrence"] == 2


def test_an_end_that_breaks_off_begins_anew() -> None:
    found, _ = over(rule(until=UNTIL), when(1, 0, 0, 1, 0, 0, 0))
    assert days(found, "until") == [6]


def test_a_state_that_says_nothing_is_not_kept_and_is_told_once() -> None:
    first = decided({"r": rule(persists="2 runs")}, {"r": [True, False]}, ["a", "b"], None, DAY)
    assert first.state["account_id"].to_pylist() == ["a"]
    second = decided({"r": rule(persists="2 runs")}, {"r": [False, False]}, ["a", "b"], first.state, DAY + timedelta(1))
    assert (second.state.num_rows, second.changed.num_rows) == (0, 1)


def test_what_lasts_is_not_written_anew() -> None:
    state = decided({"r": rule()}, {"r": [True]}, ["a"], None, DAY).state
    later = decided({"r": rule()}, {"r": [True]}, ["a"], state, DAY + timedelta(5))
    assert later.changed.num_rows == 0
    assert later.state.equals(state)


def test_accounts_that_are_not_looked_at_stay_as_they_are() -> None:
    state = decided({"r": rule()}, {"r": [True, True]}, ["a", "b"], None, DAY).state
    later = decided({"r": rule()}, {"r": [False]}, ["b"], state, DAY + timedelta(1)).state
    assert [row for row in later.to_pylist() if row["account_id"] == "a"] == [state.to_pylist()[0]]


def test_each_event_is_an_occasion_of_its_own() -> None:
    one = rule(on={"event": "cancelled"})
    start, state = Start("event", rules={"r": None}), None
    for expected in (1, 2):
        decision = decided({"r": one}, {"r": [True]}, ["a"], state, DAY, start=start)
        assert fired(decision) == [("r", "a", expected)]
        state = decision.state
    assert fired(decided({"r": one}, {"r": [True]}, ["a"], state, DAY)) == []  # new scores are no event


def test_a_rule_on_events_ends_by_scores_from_the_next_day_on() -> None:
    one = rule(on={"event": "cancelled"}, when="1 = 1", until={"when": "score >= 50"})
    start = Start("event", rules={"r": None})
    state = decided({"r": one}, {"r": [True]}, ["a"], None, DAY, {"r": [True]}, start).state
    same_day = decided({"r": one}, {"r": [True]}, ["a"], state, DAY, {"r": [True]})
    next_day = decided({"r": one}, {"r": [True]}, ["a"], same_day.state, DAY + timedelta(1), {"r": [True]})
    assert (fired(same_day, "until"), fired(next_day, "until")) == ([], [("r", "a", 1)])


def test_only_rules_that_were_started_fire_and_the_others_only_end() -> None:
    nightly = rule(on={"schedule": "every day at 02:00"}, until={"when": "score >= 50"})
    start = Start("schedule", "every day at 02:00")
    assert fired(decided({"r": nightly}, {"r": [True]}, ["a"], None, DAY, {"r": [False]})) == []
    state = decided({"r": nightly}, {"r": [True]}, ["a"], None, DAY, {"r": [False]}, start).state
    ended = decided({"r": nightly}, {"r": [False]}, ["a"], state, DAY + timedelta(1), {"r": [True]})
    assert fired(ended, "until") == [("r", "a", 1)]
    assert ended.counts == {}


def test_a_hold_out_is_drawn_once_and_has_about_its_share() -> None:
    accounts = [f"account {number}" for number in range(4000)]
    out = held_out("r", 0.1, accounts)
    assert 0.08 < out.mean() < 0.12  # ten standard deviations
    assert (held_out("r", 0.1, accounts[::-1])[::-1] == out).all()
    assert not (held_out("other", 0.1, accounts) == out).all()
    assert (held_out("r", 0.2, accounts) >= out).all()
    assert draw("r", "a") == draw("r", "a")


def test_what_is_held_out_goes_on_as_if_it_had_been_done() -> None:
    accounts = [str(number) for number in range(200)]
    one = rule(hold_out="50%")
    first = decided({"r": one}, {"r": [True] * 200}, accounts, None, DAY)
    out = sum(firing["held_out"] for firing in first.firings.to_pylist())
    assert first.counts["r"].fired == 200
    assert first.counts["r"].held_out == out
    assert 60 < out < 140
    assert fired(decided({"r": one}, {"r": [True] * 200}, accounts, first.state, DAY + timedelta(1))) == []


RULES = st.fixed_dictionaries(
    {},
    optional={
        "persists": st.sampled_from(["2 runs", "3 days", "1 run"]),
        "until": st.sampled_from([UNTIL, {"when": "score > 60"}, {"when": "score > 60", "persists": "2 runs"}]),
        "repeat": st.sampled_from(
            [
                {"cool_down": "0 days"},
                {"cool_down": "4 days", "while_it_holds": True},
                {"cool_down": "0 days", "at_most": 2, "per": "9 days"},
                {"cool_down": "3 days", "at_most": 1, "per": "30 days"},
            ]
        ),
        "hold_out": st.sampled_from([0.0, 0.3]),
        "on": st.sampled_from(["score_change", {"event": "x"}, ("score_change", {"event": "x"})]),
    },
)
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),  # days since the step before
        st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), min_size=3, max_size=3),
        st.booleans(),  # an event, or new scores
    ),
    max_size=14,
)
ACCOUNTS = ["a", "b", "c"]


@pytest.mark.slow
@given(said=RULES, steps=STEPS)
@settings(deadline=None)
def test_it_decides_as_the_slow_one_does(said: dict[str, Any], steps: list[Any]) -> None:
    if said.get("on") == {"event": "x"}:
        said.pop("persists", None)
    one = rule(**said)
    slow = {account: reference.Standing() for account in ACCOUNTS}
    state, day = None, DAY
    for gap, truths, is_event in steps:
        day += timedelta(gap)
        there = [account for account, (_, _, present) in zip(ACCOUNTS, truths, strict=True) if present]
        start = Start("event", rules={"r": None} if "event" in one.trigger_kinds else {}) if is_event else Start()
        started = start.starts("r", one)
        holds = [w for w, _, present in truths if present]
        ends = [u for _, u, present in truths if present]
        random.Random(len(there)).shuffle(there)
        order = {account: at for at, account in enumerate(a for a, t in zip(ACCOUNTS, truths, strict=True) if t[2])}
        holds, ends = [holds[order[a]] for a in there], [ends[order[a]] for a in there]
        decision = decided(
            {"r": one}, {"r": holds}, there, state, day, {"r": ends} if one.until else None, start, salt="s"
        )
        expected = {}
        for account, is_true, is_over in zip(there, holds, ends, strict=True):
            part = reference.step(
                one, slow[account], day, is_true, is_over, started=started, occasion=start.is_occasion
            )
            if part:
                out = reference.is_held_out("r", account, one.hold_out, "s")
                expected[account] = (part, slow[account].occurrence, out)
        found = {f["account_id"]: (f["part"], f["occurrence"], f["held_out"]) for f in decision.firings.to_pylist()}
        assert found == expected
        state = decision.state
        _agrees(one, state.to_pylist(), slow)


def _agrees(one: Rule, rows: list[dict[str, Any]], slow: dict[str, reference.Standing]) -> None:
    kept = {row["account_id"]: row for row in rows}
    for account, at in slow.items():
        row = kept.get(account)
        if row is None:
            assert (at.holds_since, at.is_open, at.occurrence) == (None, False, 0)
            continue
        assert (row["holds_since"], row["is_open"], row["occurrence"]) == (at.holds_since, at.is_open, at.occurrence)
        assert row["holds_runs"] == min(at.holds_runs, one.persists.runs)
        assert row["fired_on"] == at.fired_on[len(at.fired_on) - len(row["fired_on"]) :]


@pytest.mark.slow
@given(said=RULES, steps=STEPS)
@settings(deadline=None)
def test_deciding_twice_gives_nothing_new(said: dict[str, Any], steps: list[Any]) -> None:
    one = rule(**{**said, "on": "score_change"})
    state, day = None, DAY
    for gap, truths, _ in steps:
        day += timedelta(gap)
        holds, ends = [one for one, _, _ in truths], [two for _, two, _ in truths]
        until = {"r": ends} if one.until else None
        first = decided({"r": one}, {"r": holds}, ACCOUNTS, state, day, until)
        again = decided({"r": one}, {"r": holds}, ACCOUNTS, first.state, day, until)
        assert again.firings.num_rows == 0
        assert again.changed.num_rows == 0
        assert again.state.equals(first.state)
        state = again.state
