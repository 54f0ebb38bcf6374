"""What verbs that judge past scores ask, and how dates are scored for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from keepwell.cli.terminal.progress import Advance, of_total

if TYPE_CHECKING:
    from keepwell.learning.backtest import Settings
    from keepwell.learning.observing import Question


def question_of(first: date, last: date, lead_time: int, every: int | None, horizon: int | None) -> Question:
    """Everybody on a grid of dates where a horizon is given, else as outcomes are held."""
    from keepwell.learning.observing import Question

    return Question(first, last, lead_time, "on_grid" if horizon else None, every, horizon)


def settings_of(
    advance: Advance, trust: Collection[str] | None, values: Path | None, seed: int, draws: int | None = None
) -> Settings:
    """`advance`: is told how many dates are scored."""
    from keepwell.learning.backtest import Settings
    from keepwell.learning.figures.bootstrap import DRAWS

    return Settings(tuple(trust or ()), draws or DRAWS, seed, values, of_total(advance))
