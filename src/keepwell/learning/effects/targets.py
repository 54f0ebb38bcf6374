"""What a treatment may change: whether an account is lost within some days, or how a score or metric moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from keepwell.learning.effects.facts import Facts
from keepwell.learning.effects.panel import Numbers
from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Flags, Floats

SCORE = "score"
"""The column of a history that holds the score that is shown."""


@dataclass(frozen=True)
class Target:
    """`column` None: lost within `days` of the treatment; else the change of that column from the last row before the
    treatment to the last one up to `days` after it, or the last before the account left."""

    days: int
    column: str | None = None

    @property
    def is_loss(self) -> bool:
        return self.column is None

    @property
    def name(self) -> str:
        return f"lost within {self.days} days" if self.column is None else f"{self.column} after {self.days} days"


@dataclass(frozen=True)
class Followed:
    """What became of n accounts, each from a day of its own. NaN where that is not known; `reason` [n] says why.

    `change` is what is compared: 1 or 0 for lost or not, after less before for a column.
    """

    before: Floats
    after: Floats
    reason: Codes  # position in REASONS; -1: it is known

    @property
    def change(self) -> Floats:
        return self.after - self.before

    @property
    def is_known(self) -> Flags:
        return self.reason < 0


REASONS = (
    "they had left before",
    "the time after them is not over yet",
    "they ended without a decision that is known",
    "nothing was known of them before",
    "nothing was known of them afterwards",
)
_GONE, _EARLY, _SILENT, _NO_BEFORE, _NO_AFTER = range(len(REASONS))


def followed(facts: Facts, target: Target, code: Codes, day: Numbers) -> Followed:
    """`code` [n] accounts, `day` [n] the day on which each was treated, or could have been."""
    return _lost(facts, target, code, day) if target.is_loss else _moved(facts, target, code, day)


def _lost(facts: Facts, target: Target, code: Codes, day: Numbers) -> Followed:
    """A loss counts from the day of the treatment on."""
    end = day + target.days
    lost_on = facts.decisions.loss_after(code, day - 1)
    lost = lost_on <= end
    why = {
        _GONE: facts.decisions.is_gone(code, day - 1),
        _EARLY: end > facts.decided_until,
        _SILENT: ~lost & (facts.ended[code] <= end),
    }
    reason = _first_of(why, len(code))
    return Followed(np.zeros(len(code)), np.where(reason < 0, lost, np.nan), reason)


def _moved(facts: Facts, target: Target, code: Codes, day: Numbers) -> Followed:
    """Whoever left in between counts with the last value it had: without them, those left over would look the better
    the more had gone."""
    assert target.column is not None
    panel = facts.panel
    before = panel.values(target.column, panel.rows(code, day - 1))
    end = day + target.days
    left = np.minimum(facts.decisions.loss_after(code, day - 1), facts.ended[code]) <= end
    since = np.where(left, day, np.maximum(day, end - panel.reach_days + 1))
    after = panel.values(target.column, panel.rows_since(code, end, since))
    why = {
        _GONE: facts.decisions.is_gone(code, day - 1),
        _EARLY: end > facts.last_day,
        _NO_BEFORE: np.isnan(before),
        _NO_AFTER: np.isnan(after),
    }
    return Followed(before, after, _first_of(why, len(code)))


def _first_of(why: dict[int, Flags], n: int) -> Codes:
    found: Codes = np.select(list(why.values()), list(why), default=-1).astype(np.int64)
    assert len(found) == n
    return found


def unknown_told(among: Flags, found: Followed, who: str = "treated") -> Iterable[str]:
    """A sentence on those of `among` of whom it is not known what became of them."""
    counts = [(int(((found.reason == at) & among).sum()), why) for at, why in enumerate(REASONS)]
    counts = [(count, why) for count, why in counts if count]
    if counts:
        total = sum(count for count, _ in counts)
        said = ", ".join(f"{count:,} because {why}" for count, why in counts)
        told = f": {said}" if len(counts) > 1 else f" because {counts[0][1]}"
        yield f"{total:,} of {int(among.sum()):,} {who} are left out{told}"
