"""One estimate of an effect: how large, how sure, of how many, and what must hold for it to be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from keepwell.learning.effects.targets import Target

Way = Literal["randomised", "matched", "doubly_robust"]
FEWEST = 20
"""Accounts that each side must have: with fewer, an interval says next to nothing and its level is a guess."""

ASSUMPTIONS: dict[Way, tuple[str, ...]] = {
    "randomised": (
        "chance alone decided who was held out, and nobody changed it by hand",
        "those who were held out were not reached in another way by what the others got",
        "whoever was drawn for it counts as treated, whether it was carried out, taken back or not",
    ),
    "matched": (
        "without the treatment, those who got it would have moved as those who looked like them before it did",
        "nothing that is not in the data both led to the treatment and moves what is looked at",
        "whoever was not treated on the day may have been treated later: the effect is of now against not now",
    ),
    "doubly_robust": (
        "either the model of who is treated or the model of what happens without treatment is about right",
        "nothing that is not in the data both led to the treatment and moves what is looked at",
        "whoever was not treated on the day may have been treated later: the effect is of now against not now",
    ),
}
"""What must hold for an estimate to be an effect. The first way has the weakest needs."""


@dataclass(frozen=True)
class Estimate:
    """`effect`: on those who were treated (randomised: on all who were drawn), with the 95 % interval `low`..`high`.

    For losses it is a difference of shares, below 0 is good; else a difference of changes in the column's unit. Each
    is None where it cannot be known, and `reason` says why. `treated_mean` and `compared_mean`: what is compared, as
    estimated. `treated` and `compared`: accounts behind it.
    """

    way: Way
    target: Target
    effect: float | None
    low: float | None
    high: float | None
    treated_mean: float | None
    compared_mean: float | None
    treated: int
    compared: int
    reason: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.effect is not None

    @property
    def is_told_from_nothing(self) -> bool:
        """The interval does not hold 0."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def refused(
    way: Way, target: Target, treated: int, compared: int, reason: str, notes: tuple[str, ...] = ()
) -> Estimate:
    """An effect that cannot be known."""
    return Estimate(way, target, None, None, None, None, None, treated, compared, reason, notes)


def too_few(treated: int, compared: int) -> str | None:
    """Why that many accounts are not enough; None where they are."""
    for count, who in ((treated, "treated"), (compared, "not treated")):
        if count < FEWEST:
            named = "account" if count == 1 else "accounts"
            return f"{count:,} {named} {who} with a known result; {FEWEST} are the least to say anything"
    return None
