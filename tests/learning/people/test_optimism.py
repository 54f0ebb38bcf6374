"""By how many points people see accounts better than they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from keepwell.learning.people.optimism import SCHEMA, OptimismReport, optimism
from tests.learning.effects.made import DAY, decided, on

N = 3_000


def chance(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(1 - score / 20)))


def company(points: dict[str, float], n: int = N, seed: int = 1) -> tuple[list[dict[str, Any]], Any]:
    """Accounts whose true score decides who leaves; each author enters it higher by so many points."""
    random, names = np.random.default_rng(seed), list(points)
    score = random.uniform(0, 100, n)
    lost = random.random(n) < chance(score)
    rows = [
        {"account": f"a{at}", "measure": "pulse", "author": names[at % len(names)], "entered_on": on(-10),
         "score": score[at] + points[names[at % len(names)]]}
        for at in range(n)
    ]  # fmt: skip
    return rows, decided(*((f"a{at}", on(30), "churned" if lost[at] else "renewed") for at in range(n)))


def asked(rows: list[dict[str, Any]], outcomes: Any, **more: Any) -> OptimismReport:
    return optimism(pa.Table.from_pylist(rows, SCHEMA), outcomes, chance, **{"lead_days": 20, **more})


@pytest.mark.slow
@pytest.mark.parametrize("points", [-10.0, 0.0, 15.0])
def test_the_points_that_were_added_are_found(points: float) -> None:
    (found,) = asked(*company({"Ada": points})).measures
    assert found.low <= points <= found.high
    assert found.points == pytest.approx(points, abs=4)
    assert found.is_told_from_nothing == (points != 0)


@pytest.mark.slow
def test_people_are_compared_with_each_other() -> None:
    found = asked(*company({"Ada": 20.0, "Bea": 0.0, "Cyd": -20.0})).people
    assert [one.author for one in found] == ["Ada", "Bea", "Cyd"]
    assert found[0].low > 0 > found[2].high
    assert found[1].low <= 0 <= found[1].high
    assert "points too high" in found[0].words
    assert "chance may have done it" in found[1].words


@pytest.mark.slow
def test_people_with_too_few_are_left_out_and_counted() -> None:
    rows, outcomes = company({"Ada": 0.0})
    for row in rows[:15]:
        row["author"] = "Bea"
    found = asked(rows, outcomes)
    assert [one.author for one in found.people] == ["Ada"]
    assert found.left_out == {"pulse": 1}


def test_a_measure_with_too_few_is_told() -> None:
    rows, outcomes = company({"Ada": 0.0}, n=15)
    found = asked(rows, outcomes)
    assert not found.measures
    assert "'pulse' is left out: 15 decisions" in found.notes[0]


@pytest.mark.parametrize("change", [{"entered_on": on(15)}, {"entered_on": on(-200)}, {"score": None}])
def test_entries_that_came_too_late_or_are_too_old_do_not_count(change: dict[str, Any]) -> None:
    rows, outcomes = company({"Ada": 0.0}, n=400)
    again = [row | change | ({"score": 100.0} if "score" not in change else {}) for row in rows[:200]]
    before, after = asked(rows, outcomes), asked(rows + again, outcomes)
    assert after.measures == before.measures


@pytest.mark.slow
def test_the_latest_entry_before_the_lead_time_counts() -> None:
    rows, outcomes = company({"Ada": 40.0}, n=1_500, seed=2)
    corrected = [row | {"entered_on": DAY, "score": row["score"] - 40.0} for row in rows]
    (found,) = asked(rows + corrected, outcomes).measures
    assert found.low <= 0 <= found.high
