"""What a backtest found: plain frozen parts that a page, a report and the command line all read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from keepwell.learning.asides import Aside
from keepwell.learning.figures.figure import Figure
from keepwell.learning.observations import Way
from keepwell.learning.plain import plain

VariantName = Literal["as_shown", "without_overrides", "without_entered", "without_both"]
PartKind = Literal["scorecard", "segment", "period", "history"]


@dataclass(frozen=True)
class Ranks:
    """How well a score tells who left from who stayed; see `figures.ranking.Ranked`."""

    auc: Figure
    average_precision: Figure
    top_decile_lift: Figure


@dataclass(frozen=True)
class Part:
    """The same question of some of the observations: of one scorecard, segment, period, or with and without facts."""

    kind: PartKind
    name: str
    loss_rate: Figure
    ranks: Ranks


@dataclass(frozen=True)
class BandRow:
    """Observations with one label. `amount_lost` is None where no amount is known."""

    scheme: str
    label: str  # "unknown" for those without a score
    observations: int
    lost: int
    loss_rate: Figure
    amount_lost: float | None


@dataclass(frozen=True)
class WarningRow:
    """What those who left looked like `days` or a little more before they decided.

    `below_best`: the share whose label was below the best of its scheme; `worst`: the share with the worst label.
    """

    days: int
    below_best: Figure
    worst: Figure


@dataclass(frozen=True)
class Warned:
    """Early warning. `stayed_below_best`: the share of those who stayed that was below the best label too, at the
    observation date: how often the warning was false. `amount_below_best`: the share of the lost amount that had been
    below the best label at the observation date."""

    rows: tuple[WarningRow, ...]
    stayed_below_best: Figure
    stayed_worst: Figure
    amount_below_best: Figure


@dataclass(frozen=True)
class CalibrationBin:
    """A tenth of the observations by chance of loss: what was foretold on average, and what came true."""

    foretold: float
    came_true: Figure


@dataclass(frozen=True)
class Calibrated:
    """Chances of loss learned from the score on other accounts than those they are judged on.

    `brier_skill`: how much better than always guessing the average loss rate; 0 is no better, 1 is perfect.
    """

    method: str
    brier: Figure
    brier_skill: Figure
    bins: tuple[CalibrationBin, ...]


@dataclass(frozen=True)
class Versus:
    """Another set of definitions on the same observations: those that both score. Differences are other - own."""

    name: str
    own: Ranks
    other: Ranks
    differences: Ranks
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """The question as it was understood."""

    name: str
    scorecard: str | None  # None: every account by its own card
    first: date
    last: date
    lead_days: int
    way: Way
    every_days: int
    horizon_days: int | None
    dates: int
    draws: int
    seed: int
    segment: str | None = None  # None: everybody


@dataclass(frozen=True)
class BacktestReport:
    """Everything a backtest found. Figures that cannot be known hold the reason; `notes` say what to mind."""

    asked: Asked
    observations: int
    accounts: int
    lost: int
    accounts_lost: int
    unscored: int
    loss_rate: Figure
    amount_lost: float | None
    variants: Mapping[VariantName, Ranks]
    bands: tuple[BandRow, ...]
    warned: Warned | None  # None where no outcome has a day
    calibrated: Calibrated
    parts: tuple[Part, ...]
    versus: Versus | None
    asides: tuple[Aside, ...]
    notes: tuple[str, ...]

    @property
    def ranks(self) -> Ranks:
        """Of the score as it was shown: with overrides, and with what people entered."""
        return self.variants["as_shown"]

    def to_json(self) -> dict[str, Any]:
        """Plain values for json.dumps: dates in ISO, nothing that is not a number."""
        found: dict[str, Any] = plain(self)
        return found
