"""What one can ask of a simulated company: its size, its time, and how strongly each cause works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from keepwell.errors import RequestRefused

SEGMENTS = ("smb", "mid_market", "enterprise")
BLOCK = 1_000
"""Accounts that share random streams. Part of the data's definition: another block size is another company."""


@dataclass(frozen=True)
class Drivers:
    """True strength with which each driver moves latent health; only their ratios count, and none may be negative.

    Strengths fall in nearly equal steps, so that a method which ranks drivers has a right answer it can find.
    Advocacy has no strength of its own: happy customers speak for us, and speaking does not make them stay.
    """

    adoption: float = 1.0
    support: float = 0.8
    sponsorship: float = 0.62
    sentiment: float = 0.45
    breadth: float = 0.3
    payment: float = 0.15

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(asdict(self))

    @property
    def strengths(self) -> tuple[float, ...]:
        return tuple(asdict(self).values())


@dataclass(frozen=True)
class Company:
    """Parameters of a simulated software company. Equal parameters give equal bytes.

    Latent health and every driver have mean 0 and standard deviation 1 over accounts; higher is better. "sd" below
    means that standard deviation.
    """

    end: date
    """Last day of the data. Nothing that was known only later is in them."""
    accounts: int = 300
    """Accounts that ever signed, those that left included."""
    days: int = 730
    """Days that can be scored with full history, up to and including `end`."""
    burn_in_days: int = 91
    """Further days of data before those, so that a window of a quarter is full on the first of them."""
    seed: int = 7
    segment_shares: tuple[float, float, float] = (0.55, 0.30, 0.15)
    """Shares of smb, mid_market and enterprise accounts; they add up to 1."""
    seats: tuple[float, float, float] = (6.0, 20.0, 70.0)
    """Median seats of an account of each segment when it signs; about half of the seats are used."""
    usage_rows: int | None = None
    """Rows of daily usage to aim for (met within a few percent); seats are scaled to get there. None: as it comes."""
    activity: float = 1.0
    """Factor on the chance that an active user works on a given day; at most 1.3."""
    new_share: float = 0.35
    """Share of accounts that sign within the data's time; the others signed up to five years before."""
    drivers: Drivers = field(default_factory=Drivers)
    driver_share: float = 0.85
    """Share of the variance of latent health that the drivers explain, 0 to 1; the rest shows nowhere else."""
    persistence: float = 0.985
    """Correlation of a driver with itself a week later, 0 to below 1; 0.985 halves a deviation in 46 weeks."""
    halo: float = 0.3
    """How much of health as a whole shows in each driver's signal, 0 to 0.9; their order of importance survives."""
    noise: float = 0.3
    """Standard deviation (sd) of the weekly noise between a driver and what usage, tickets and people show of it."""
    churn_rate: float = 0.15
    """Expected share of renewals lost without any intervention, over 0 and below 1."""
    churn_slope: float = 1.8
    """Fall of the log odds of losing a renewal for each sd of latent health."""
    effect: float = 0.6
    """Lasting shift of latent health (sd) caused by an adoption workshop, four weeks after it started."""
    reviewed_share: float = 0.7
    """Share of accounts looked at once for each playbook."""
    randomised_share: float = 0.4
    """Of those looked at, the share for which a lottery decides; for the others it is the CSM's judgement."""
    hold_out: float = 0.5
    """Share of the lottery that gets nothing."""
    hidden_judgement: float = 0.0
    """Rise of the log odds that a CSM treats an account per sd of health it lacks, beyond the pulse written."""
    optimism: float = 0.6
    """By how much (sd) CSMs see accounts better than they are, on average; each CSM has an own amount."""

    def __post_init__(self) -> None:
        problems = list(_problems(self))
        if problems:
            raise RequestRefused(*problems)

    @property
    def first_day(self) -> date:
        return self.end - timedelta(days=self.total_days - 1)

    @property
    def total_days(self) -> int:
        return self.days + self.burn_in_days

    @property
    def weeks(self) -> int:
        return -(-self.total_days // 7)

    @property
    def blocks(self) -> int:
        return -(-self.accounts // BLOCK)

    @property
    def csms(self) -> int:
        """One customer success manager for about 40 accounts, at least 4."""
        return max(4, -(-self.accounts // 40))

    def parameters(self) -> dict[str, Any]:
        """All parameters, ready for JSON."""
        return asdict(self) | {"end": self.end.isoformat()}


_SHARES = ("new_share", "driver_share", "reviewed_share", "randomised_share", "hold_out")
_RANGES = {"persistence": (0.0, 0.999), "halo": (0.0, 0.9), "churn_rate": (0.001, 0.95), "activity": (0.01, 1.3)}
_SIZES = {"accounts": (1, 100_000), "days": (28, 3_650), "burn_in_days": (0, 730)}


def _problems(company: Company) -> Iterator[str]:
    limits = dict.fromkeys(_SHARES, (0.0, 1.0)) | _RANGES | _SIZES
    for name, (low, high) in limits.items():
        value = getattr(company, name)
        if not low <= value <= high:
            yield f"simulation: {name} is {value}; it must be between {low} and {high}"
    for name in ("noise", "churn_slope", "optimism", "hidden_judgement"):
        if not 0 <= getattr(company, name) <= 20:
            yield f"simulation: {name} is {getattr(company, name)}; it must be between 0 and 20"
    if abs(sum(company.segment_shares) - 1) > 1e-9 or min(company.segment_shares) < 0:
        yield f"simulation: segment_shares are {company.segment_shares}; three numbers from 0 that add up to 1"
    if not all(2 <= seats <= 5_000 for seats in company.seats):
        yield f"simulation: seats are {company.seats}; three medians between 2 and 5000"
    if min(company.drivers.strengths) < 0 or sum(company.drivers.strengths) <= 0:
        yield "simulation: drivers have strengths from 0, at least one of them positive"
    if company.usage_rows is not None and company.usage_rows < company.accounts:
        yield f"simulation: usage_rows is {company.usage_rows}; ask for at least one row per account"
    if company.seed < 0:
        yield f"simulation: seed is {company.seed}; a whole number from 0"
