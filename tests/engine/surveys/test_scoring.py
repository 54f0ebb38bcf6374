"""Scores of surveys by hand, by a second way, and as promised by their intervals."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepwell.engine.surveys import intervals
from keepwell.engine.surveys.comparing import days_of, segments, trend
from keepwell.engine.surveys.drivers import drivers, ranks
from keepwell.engine.surveys.scoring import net_promoter, response_rate, scored
from tests.engine.surveys.asking import made, survey


def numbers(**counts: int) -> np.ndarray:
    return np.array([float(one[1:]) for one, count in counts.items() for _ in range(count)])


def test_the_nps_of_a_hundred_by_hand() -> None:
    found = net_promoter(numbers(n9=40, n10=20, n8=10, n7=10, n6=15, n0=5))
    assert (found.promoters, found.passives, found.detractors) == (60, 20, 20)
    assert found.score is not None
    assert found.score.value == 40
    plain = 100 * 1.959964 * math.sqrt((0.6 + 0.2 - 0.4**2) / 100)
    assert (found.score.low, found.score.high) == pytest.approx((40 - plain, 40 + plain), abs=1.5)


def test_a_csat_by_hand() -> None:
    question = survey().question("satisfied")
    found = scored(question, np.array([5, 5, 4, 3, 1, np.nan]))
    assert found.counts == {1: 1, 2: 0, 3: 1, 4: 1, 5: 2}
    assert found.top is not None
    assert found.mean is not None
    # Wilson for 3 of 5: (0.6 + 0.384146) / (1 + 0.768292) and so on
    assert (found.top.value, found.top.low, found.top.high) == pytest.approx((60, 23.0724, 88.2379), abs=1e-3)
    # mean 3.6, standard deviation sqrt(2.8), t of 4 degrees 2.776445
    half = 2.776445 * math.sqrt(2.8 / 5)
    assert (found.mean.value, found.mean.low, found.mean.high) == pytest.approx((3.6, 3.6 - half, 5))
    assert found.score == found.top


def test_a_ces_counts_five_to_seven_as_easy() -> None:
    found = scored(survey().question("easy"), np.array([7.0, 5.0, 4.0, 1.0]))
    assert found.top is not None
    assert found.top.value == 50


def test_nothing_is_said_without_answers_or_spread() -> None:
    question = survey().question("recommend")
    empty = scored(question, np.array([np.nan]))
    assert (empty.score, empty.top, empty.mean) == (None, None, None)
    alike = scored(question, np.array([9.0, 9.0]))
    assert alike.mean is not None
    assert (alike.mean.value, alike.mean.low) == (9, None)
    assert alike.score is not None
    assert alike.score.high == 100
    assert (alike.score.low or 0) < 50
    with pytest.raises(ValueError, match="outside 0 to 10"):
        scored(question, np.array([11.0]))


def test_the_response_rate() -> None:
    found = response_rate(200, 50)
    assert found is not None
    assert found.value == 25
    assert (found.low, found.high) == pytest.approx((19.50, 31.43), abs=0.01)
    assert response_rate(0, 0) is None
    with pytest.raises(ValueError, match="only 1 were asked"):
        response_rate(1, 2)


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.706205), (2, 4.302653), (4, 2.776445), (9, 2.262157), (30, 2.042272), (5000, 1.960439)],
)
def test_quantiles_of_students_t_are_those_of_the_tables(freedom: int, expected: float) -> None:
    assert intervals.t_quantile(0.975, freedom) == pytest.approx(expected, abs=2e-5)


def by_likelihood(promoters: int, detractors: int, count: int, steps: int = 400) -> tuple[float, float]:
    """The interval by trying: for each difference the most likely shares are searched, and the score test is asked."""
    z, inside = 1.959963984540054, []
    found = (promoters - detractors) / count
    for difference in np.linspace(-1, 1, steps * 2 + 1):
        low, high = max(0.0, -difference), (1 - difference) / 2
        shares = np.linspace(low, high, 2001)
        with np.errstate(divide="ignore", invalid="ignore"):
            parts = [
                np.where(k > 0, k * np.log(np.maximum(p, 0)), 0.0)
                for k, p in (
                    (promoters, shares + difference),
                    (detractors, shares),
                    (count - promoters - detractors, 1 - 2 * shares - difference),
                )
            ]
        likely = np.nan_to_num(sum(parts), nan=-np.inf)
        best = shares[int(np.argmax(likely))]
        if abs(found - difference) <= z * math.sqrt(max(0.0, 2 * best + difference - difference**2) / count) + 1e-12:
            inside.append(float(difference))
    return min(inside), max(inside)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("promoters", "detractors", "count"), [(12, 2, 50), (60, 20, 100), (3, 0, 8), (0, 0, 10), (1, 9, 10)]
)
def test_the_interval_of_the_nps_is_that_of_a_search(promoters: int, detractors: int, count: int) -> None:
    found = intervals.difference_of_shares(promoters, detractors, count)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(by_likelihood(promoters, detractors, count), abs=6e-3)


@pytest.mark.slow
@pytest.mark.parametrize("count", [12, 40, 200])
@pytest.mark.parametrize("shares", [(0.5, 0.3, 0.2), (0.85, 0.1, 0.05), (0.1, 0.2, 0.7), (1 / 3, 1 / 3, 1 / 3)])
def test_intervals_hold_what_they_promise(count: int, shares: tuple[float, float, float]) -> None:
    """Of 4000 simulated surveys 95 % hold the truth, within four standard errors and a point for small counts."""
    draws, truth = np.random.default_rng(7).multinomial(count, shares, 4000), shares[0] - shares[2]
    held = {"nps": 0, "share": 0}
    known: dict[tuple[int, int], tuple[bool, bool]] = {}
    for promoters, _, detractors in draws.tolist():
        if (promoters, detractors) not in known:
            nps, top = intervals.difference_of_shares(promoters, detractors, count), intervals.share(promoters, count)
            assert nps is not None
            assert top is not None
            known[promoters, detractors] = (nps.low <= truth <= nps.high, top.low <= shares[0] <= top.high)
        held["nps"] += known[promoters, detractors][0]
        held["share"] += known[promoters, detractors][1]
    error = 4 * math.sqrt(0.95 * 0.05 / 4000)
    assert held["nps"] / 4000 >= 0.95 - error - 0.012
    assert held["nps"] / 4000 <= 0.95 + error + 0.02
    assert held["share"] / 4000 >= 0.95 - error - 0.03


@pytest.mark.slow
def test_the_interval_of_a_difference_holds_what_it_promises() -> None:
    draw, question, held = np.random.default_rng(3), survey().question("recommend"), 0
    first, second = [0.02] * 7 + [0.13] * 2 + [0.3] * 2, [0.05] * 7 + [0.15] * 2 + [0.175] * 2
    truth = 100 * ((0.6 - 0.14) - (0.35 - 0.35))
    for _ in range(400):
        some, others = draw.choice(11, 30, p=first).astype(float), draw.choice(11, 80, p=second).astype(float)
        found = segments(question, np.concatenate([some, others]), ["s"] * 30 + ["o"] * 80)[1].against_rest
        assert found is not None
        held += bool((found.low or 0) <= truth <= (found.high or 0))
    assert abs(held / 400 - 0.95) < 4 * math.sqrt(0.95 * 0.05 / 400)


@settings(deadline=None)
@pytest.mark.slow
@given(st.lists(st.integers(0, 10), min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_the_order_of_answers_makes_no_difference(answers: list[int], random: object) -> None:
    question, mixed = survey().question("recommend"), [*answers]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    found = scored(question, np.array(answers, float))
    assert scored(question, np.array(mixed, float)) == found
    assert found.score is not None
    assert -100 <= (found.score.low or 0) <= found.score.value + 1e-9
    assert found.score.value <= (found.score.high or 0) + 1e-9 <= 100 + 1e-9
    turned = net_promoter(np.array([10.0 if one <= 6 else 0.0 if one >= 9 else 7.0 for one in answers])).score
    assert turned is not None
    assert (turned.low, turned.high) == pytest.approx((-(found.score.high or 0), -(found.score.low or 0)), abs=1e-6)


def test_a_trend_has_every_period_and_says_which_are_over() -> None:
    days = days_of([date(2026, 8, 3), date(2026, 8, 31), date(2026, 10, 1), date(2026, 11, 2)])
    points = trend(survey().question("recommend"), np.array([10.0, 0, 9, 9]), days, "month", date(2026, 10, 15))
    assert [(one.starts_on.month, one.score and one.score.value, one.whole) for one in points] == [
        (8, 0, True), (9, None, True), (10, 100, False),
    ]  # fmt: skip


def test_segments_are_set_against_everybody_else_and_small_ones_are_not() -> None:
    answers = numbers(n10=20, n0=20, n9=3)
    found = segments(survey().question("recommend"), answers, ["x"] * 20 + ["y"] * 20 + ["z"] * 3)
    assert [one.score.value for one in found] == [100, -100, 100]
    assert found[0].against_rest is not None
    assert found[0].against_rest.value == pytest.approx(100 - 100 * (3 - 20) / 23)
    assert found[2].against_rest is None


def test_drivers_are_found_with_their_counts_and_few_answers_are_left_out() -> None:
    asked = made(
        {"name": "nps", "kind": "nps"},
        {"name": "stars", "kind": "rating"},
        {
            "name": "use",
            "kind": "multiple_choice",
            "choices": [{"value": v, "text": v} for v in ("api", "web", "rare")],
        },
        {"name": "noise", "kind": "rating"},
    )
    rows = [
        {"nps": float(place % 11), "stars": float(1 + (place % 11) // 2.5), "noise": float(1 + place % 5),
         "use": (("api",) if place % 11 >= 6 else ("web",)) + (("rare",) if place < 4 else ())}
        for place in range(110)
    ]  # fmt: skip
    found = drivers(asked, "nps", [*rows, {"nps": None, "stars": 5.0}])
    by_name = {(one.question, one.choice): one for one in found}
    assert ("use", "rare") not in by_name
    assert by_name["use", "api"].count == 50
    assert by_name["use", "api"].others == 60
    assert by_name["use", "api"].association.value == pytest.approx(
        120
    )  # 6 to 10: one detractor, two promoters of five; the others detract
    assert by_name["stars", None].association.value > 0.9
    noise = by_name["noise", None].association
    assert (noise.low or 0) < 0 < (noise.high or 0)
    assert found[-1].question == "noise"
    assert drivers(asked, "nps", [*reversed(rows)]) == found


def test_equal_values_share_a_rank() -> None:
    assert ranks(np.array([5.0, 1.0, 5.0, 9.0])).tolist() == [2.5, 1, 2.5, 4]
