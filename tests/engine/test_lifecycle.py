"""Where accounts go: forward by their criteria, and never back."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keepwell.definitions.lifecycle import Milestone, Stage
from keepwell.engine.lifecycle import Reached, due_on, in_order, next_stages

STAGES = {
    "growing": Stage(order=3, enter="score >= 75"),
    "onboarding": Stage(order=1, enter="true", exit="first_value"),
    "live": Stage(order=2),
    "leaving": Stage(order=4, enter="notice_given"),
}


def moved(now: str, *, leaves: bool = False, grows: bool = False, gives_notice: bool = False) -> str | None:
    truth = {"onboarding": True, "growing": grows, "leaving": gives_notice}
    enters = {name: np.array([one]) for name, one in truth.items()}
    return next_stages(STAGES, [now], enters, {"onboarding": np.array([leaves])})[0]


def test_stages_have_an_order_of_their_own() -> None:
    assert in_order(STAGES) == ["onboarding", "live", "growing", "leaving"]


@pytest.mark.parametrize(
    ("now", "truth", "to"),
    [
        ("onboarding", {}, None),
        ("onboarding", {"grows": True}, None),  # it has not left yet
        ("onboarding", {"leaves": True}, "live"),  # the next states no criterion
        ("onboarding", {"leaves": True, "grows": True}, "growing"),
        ("live", {}, None),
        ("live", {"grows": True, "gives_notice": True}, "growing"),  # the first later one
        ("growing", {"grows": True}, None),  # it is there
        ("leaving", {"grows": True}, None),  # nothing goes back
        ("", {}, "onboarding"),
        ("a word of the source", {"grows": True}, "growing"),  # the last that it may enter
    ],
)
def test_an_account_moves_forward_alone(now: str, truth: dict[str, bool], to: str | None) -> None:
    assert moved(now, **truth) == to


def test_a_milestone_is_late_from_the_day_after_it_is_due() -> None:
    due = due_on(Milestone(due="30 days", reached="true"), date(2026, 1, 1))
    assert due == date(2026, 1, 31)
    assert Reached(due, None).overdue_days(date(2026, 1, 31)) == 0
    assert Reached(due, None).overdue_days(date(2026, 2, 2)) == 2
    assert Reached(due, date(2026, 2, 1)).overdue_days(date(2026, 2, 9)) == 0
