"""Who was right: judged by losses beyond those foretold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from keepwell.learning.people.feedback import SCHEMA, Judged, right_or_wrong
from tests.learning.effects.made import DAY, LAST, decided, history, ledger, on, put


def asked(rows: list[dict[str, Any]], lost: set[str], **more: Any) -> list[Judged]:
    outcomes = decided(*((name, on(30), "churned") for name in lost), ("z", LAST, "renewed"))
    known = put(ledger({"account": "z"}), outcomes, history([(row["account"], DAY, 0.0) for row in rows]))
    filled = [{"said_on": DAY, "said": "too_high", "chance": 0.2} | row for row in rows]
    table = pa.Table.from_pylist(filled, SCHEMA)
    return right_or_wrong(table, known.decisions, known.ids, **{"until": LAST, "horizon": 90, **more})


def accounts(n: int, **more: Any) -> list[dict[str, Any]]:
    return [{"account": f"a{at:03}", **more} for at in range(n)]


def first(n: int) -> set[str]:
    return {f"a{at:03}" for at in range(n)}


@pytest.mark.parametrize(
    ("said", "lost", "right"),
    [
        ("too_high", 20, "people"),
        ("too_high", 8, "open"),
        ("too_high", 0, "score"),
        ("too_low", 0, "people"),
        ("too_low", 20, "score"),
    ],
)
def test_people_are_right_where_losses_lie_beyond_the_way_they_said(said: str, lost: int, right: str) -> None:
    (found,) = asked(accounts(40, said=said), first(lost))
    assert (found.known, found.lost, found.foretold) == (40, lost, pytest.approx(8))
    assert found.right == right
    assert found.beyond == pytest.approx(lost / 40 - 0.2)


def test_most_stay_and_that_alone_makes_nobody_right() -> None:
    """All stayed of whom it was said that the score is too low, and the score had foretold as much."""
    (found,) = asked(accounts(40, said="too_low", chance=0.03), set())
    assert found.right == "open"


@pytest.mark.parametrize(("lost", "right"), [(15, "people"), (2, "open"), (0, "open")])
def test_a_score_that_was_sure_and_wrong_is_judged_too(lost: int, right: str) -> None:
    """Next to no loss was foretold; a few may be chance, many are not."""
    (found,) = asked(accounts(20, chance=0.005), first(lost))
    assert found.right == right


def test_each_measure_and_segment_stands_for_itself() -> None:
    rows = accounts(15, measure="pulse", segment="small") + [
        {"account": f"b{at}", "measure": "support", "segment": "large"} for at in range(12)
    ]
    found = asked(rows, first(15))
    keys = [(one.measure, one.segment) for one in found]
    assert keys == [
        (None, None), (None, "large"), (None, "small"),
        ("pulse", None), ("pulse", "small"), ("support", None), ("support", "large"),
    ]  # fmt: skip
    assert {one.measure: one.right for one in found if one.segment is None}["pulse"] == "people"


def test_too_few_are_counted_and_not_judged() -> None:
    (found,) = asked(accounts(9), first(9))
    assert (found.times, found.known, found.right) == (9, 9, None)
    assert "too few to say who was right" in found.words


def test_an_account_counts_once_however_often_it_was_spoken_of() -> None:
    rows = accounts(20) + accounts(20, said_on=on(3))
    (found,) = asked(rows, first(4))
    assert (found.times, found.known) == (40, 20)


def test_what_is_not_over_or_was_over_before_is_not_known() -> None:
    (found,) = asked(accounts(30), first(5), until=on(89))
    assert found.known == 0
    late = accounts(30, said_on=on(40))
    (found,) = asked(late, first(5))
    assert found.known == 25  # five had left before anything was said
    assert np.isclose(found.foretold or 0, 5)
