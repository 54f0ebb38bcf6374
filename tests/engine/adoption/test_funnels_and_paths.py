"""Funnels and paths against the same in plain Python, and by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepwell.engine.adoption.funnels import Step, funnel, segments_table
from keepwell.engine.adoption.paths import END, OTHER, Link, paths
from tests.engine.adoption.conftest import Use

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12)
Happened = tuple[str, str, int]
EVENTS = st.lists(st.tuples(st.sampled_from("xy"), st.sampled_from("abc"), st.integers(0, 12)), max_size=14)
SAME_FIXTURE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def rows_of(happened: list[Happened]) -> list[dict[str, Any]]:
    return [
        {"person": who, "event": what, "feature": what.upper(), "day": DAY, "moment": NOON + timedelta(minutes=at)}
        for who, what, at in happened
    ]


def deepest(happened: list[Happened], who: str, steps: str, within: int, *, exact: bool) -> int:
    """How far somebody gets, by trying every way there is."""
    own = [(what, at) for one, what, at in happened if one == who]

    def go(place: int, began: int, now: int) -> int:
        if place == len(steps):
            return place
        nexts = [at for what, at in own if what == steps[place] and (at > now if exact else at >= now)]
        return max((go(place + 1, began, at) for at in nexts if at - began <= within), default=place)

    return max((go(1, at, at) for what, at in own if what == steps[0]), default=0)


@pytest.mark.slow
@SAME_FIXTURE
@given(EVENTS, st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("".join), st.integers(0, 12), st.booleans())
def test_a_funnel_finds_the_way_that_gets_farthest(
    use: Use, happened: list[Happened], steps: str, within: int, exact: bool
) -> None:
    if not exact and len(set(steps)) < len(steps):
        steps = steps[0]  # on one day, one event would be two steps
    door = use(*rows_of(happened))
    found = funnel(
        door, [Step(step) for step in steps], first=DAY, last=DAY, within=timedelta(minutes=within), exact=exact
    )
    depths = [deepest(happened, who, steps, within, exact=exact) for who in "xy"]
    assert [one.people for one in found] == [sum(depth > place for depth in depths) for place in range(len(steps))]


def test_a_funnel_by_segment_and_its_shares(use: Use) -> None:
    rows = rows_of([("p", "a", 0), ("p", "b", 1), ("q", "a", 0), ("r", "a", 0), ("r", "b", 3)])
    accounts = {"p": "acme", "q": "acme", "r": "zeta"}
    door = use(*({**row, "account": accounts[row["person"]]} for row in rows))
    door.take("sizes", segments_table([("acme", "large"), ("zeta", "small"), ("acme", "all"), ("zeta", "all")]))
    found = funnel(
        door, [Step("a"), Step("B", is_feature=True)], first=DAY, last=DAY, within=timedelta(hours=1), segment="sizes"
    )
    assert [(one.segment, one.people, one.of_previous, one.of_first) for one in found] == [
        ("all", 3, None, 1.0), ("all", 2, 2 / 3, 2 / 3),
        ("large", 2, None, 1.0), ("large", 1, 0.5, 0.5),
        ("small", 1, None, 1.0), ("small", 1, 1.0, 1.0),
    ]  # fmt: skip
    by_account = funnel(door, [Step("a"), Step("b")], first=DAY, last=DAY, within=timedelta(hours=1), by="account")
    assert [one.people for one in by_account] == [2, 2]


def test_a_funnel_of_nobody(use: Use) -> None:
    found = funnel(use(), [Step("a"), Step("b")], first=DAY, last=DAY, within=timedelta(days=1))
    assert [(one.people, one.of_first) for one in found] == [(0, None), (0, None)]
    assert funnel(use(), [], first=DAY, last=DAY, within=timedelta(days=1)) == []


def test_names_with_quotes_are_names(use: Use) -> None:
    odd = "it's; drop table"
    door = use(*rows_of([("p", odd, 0), ("p", "b", 1)]))
    assert [one.people for one in funnel(door, [Step(odd)], first=DAY, last=DAY, within=timedelta(days=1))] == [1]
    assert paths(door, odd, first=DAY, last=DAY, depth=1) == [Link(0, odd, "b", 1)]


def turns(happened: list[Happened], who: str, event: str, *, towards: bool) -> list[str]:
    own = sorted(((at, what) for one, what, at in happened if one == who), reverse=towards)
    names = [what for _, what in own]
    if event not in names:
        return []
    names = names[names.index(event) :]
    return [name for place, name in enumerate(names) if not place or names[place - 1] != name]


@pytest.mark.slow
@SAME_FIXTURE
@given(EVENTS, st.sampled_from("abc"), st.booleans(), st.integers(1, 3))
def test_paths_count_the_turns_of_everybody(
    use: Use, happened: list[Happened], event: str, towards: bool, depth: int
) -> None:
    found = paths(use(*rows_of(happened)), event, first=DAY, last=DAY, towards=towards, depth=depth)
    expected: Counter[tuple[int, str, str]] = Counter()
    for who in "xy":
        names = turns(happened, who, event, towards=towards)
        for level, name in enumerate(names[:depth]):
            after = names[level + 1] if level + 1 < len(names) else END
            expected[(level, after, name) if towards else (level, name, after)] += 1
    assert {(one.level, one.source, one.target): one.people for one in found} == dict(expected)


def test_what_few_people_did_is_gathered(use: Use) -> None:
    happened = [("p", "a", 0), ("p", "b", 1), ("q", "a", 0), ("q", "b", 1), ("r", "a", 0), ("r", "c", 1)]
    found = paths(use(*rows_of(happened)), "a", first=DAY, last=DAY, depth=1, widest=1)
    assert found == [Link(0, "a", "b", 2), Link(0, "a", OTHER, 1)]


def test_other_days_do_not_count(use: Use) -> None:
    door = use(*rows_of([("p", "a", 0), ("p", "b", 1)]))
    later = DAY + timedelta(days=1)
    assert paths(door, "a", first=later, last=later) == []
    assert funnel(door, [Step("a")], first=later, last=later, within=timedelta(days=1))[0].people == 0


def test_accounts_without_a_segment_are_left_out(use: Use) -> None:
    door = use(*rows_of([("p", "a", 0)]))
    door.take("sizes", segments_table([]))
    assert isinstance(segments_table([]), pa.Table)
    assert funnel(door, [Step("a")], first=DAY, last=DAY, within=timedelta(days=1), segment="sizes") == []
