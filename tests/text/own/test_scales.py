from __future__ import annotations

import pytest

from keepwell.errors import RequestRefused
from keepwell.text.own.scales import SCALES, scale_of


@pytest.mark.parametrize(
    ("name", "scores", "labels"),
    [
        ("nps", [0, 6, 7, 8, 9, 10, None], [0, 0, 1, 1, 2, 2, -1]),
        ("csat", [1, 2, 3, 4, 5], [0, 0, 1, 2, 2]),
        ("stars", [2.5], [1]),
        ("ces", [1, 3, 4, 5, 7], [0, 0, 1, 2, 2]),
    ],
)
def test_scores_become_sentiments(name: str, scores: list[float | None], labels: list[int]) -> None:
    assert scale_of(name).labels(scores).tolist() == labels


def test_a_score_outside_the_scale_is_refused() -> None:
    with pytest.raises(RequestRefused, match=r"1 scores lie outside csat \(1 to 5\), first 9 at place 2"):
        SCALES["csat"].labels([3, 9])


def test_a_scale_that_there_is_not() -> None:
    with pytest.raises(RequestRefused, match="there are: nps, csat, stars, ces"):
        scale_of("npss")
