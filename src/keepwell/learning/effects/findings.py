"""What a study of effects found: plain frozen parts that a page, a report and the command line all read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from keepwell.learning.asides import Aside
from keepwell.learning.effects.estimate import ASSUMPTIONS, Estimate
from keepwell.learning.effects.targets import Target
from keepwell.learning.plain import plain


@dataclass(frozen=True)
class Asked:
    """The question as it was understood."""

    first: date
    last: date
    targets: tuple[Target, ...]
    draws: int
    seed: int


@dataclass(frozen=True)
class BalanceRow:
    """How far treated and compared lie apart before the treatment, in standard deviations of the treated.

    Below 0.1 is close, above 0.25 is far. None: the column does not vary, or there is no such comparison.
    """

    covariate: str
    all_compared: float | None
    matched: float | None
    weighted: float | None


@dataclass(frozen=True)
class Overlap:
    """Whether there are accounts to compare with. `bins`: for each tenth of the chance to be treated, the share of the
    treated and of the others that lie in it."""

    treated: int
    compared: int
    matched: int  # treated accounts with at least one comparable account
    trimmed: int  # treated accounts left out of the weighting: hardly anybody like them was not treated
    effective: float | None  # accounts that the weighted comparison is worth
    bins: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class TargetEffects:
    """Every estimate of one effect: the randomised one first, where there was a hold-out."""

    target: Target
    estimates: tuple[Estimate, ...]
    overlap: Overlap | None = None
    balance: tuple[BalanceRow, ...] = ()

    @property
    def best(self) -> Estimate | None:
        """The one that rests on the least assumptions and could be made."""
        return next((one for one in self.estimates if one.is_known), None)


@dataclass(frozen=True)
class TreatmentEffects:
    """One treatment: who got it and when, and what it did."""

    by: str
    treated: int
    held_out: int
    withdrawn: int
    first: date
    last: date
    effects: tuple[TargetEffects, ...]


@dataclass(frozen=True)
class EffectsReport:
    """Everything that was found. `notes` say what to mind."""

    asked: Asked
    treatments: tuple[TreatmentEffects, ...]
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for json.dumps, with the assumptions of each way in words."""
        found: dict[str, Any] = plain(self)
        return found | {"assumptions": plain(ASSUMPTIONS)}
