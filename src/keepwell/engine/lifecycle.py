"""Which accounts come to another stage: pure, from what is true of them and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from keepwell.definitions.lifecycle import Milestone, Stage

Truth = npt.NDArray[np.bool_]
"""A truth for each account, in the order of the accounts; null counted as false."""


def in_order(stages: Mapping[str, Stage]) -> list[str]:
    """Names of the stages from the first of a customer's life to the last."""
    return sorted(stages, key=lambda name: stages[name].order)


def next_stages(
    stages: Mapping[str, Stage], current: Sequence[str], enters: Mapping[str, Truth], exits: Mapping[str, Truth]
) -> list[str | None]:
    """The stage each account comes to; None where it stays.

    `current`: the stage each is in, of any name. `enters`, `exits`: by stage, of those that state such a criterion.
    An account in a stage of this lifecycle moves forward alone: out of a stage with `exit` when that is true, out of
    one without as soon as it may enter a later one. It comes to the first later stage whose `enter` is true; with
    `exit` true and none of these, to the next in order if that states no `enter`. An account in no stage of this
    lifecycle comes to the last stage whose `enter` is true. Nothing brings an account back; people and rules may.
    """
    names, count = in_order(stages), len(current)
    moves: list[str | None] = [None] * count
    for row in range(count):
        if current[row] in stages:
            moves[row] = _forward(stages, names, current[row], enters, exits, row)
        else:
            moves[row] = next((name for name in reversed(names) if _may(enters, name, row)), None)
    return moves


def _forward(
    stages: Mapping[str, Stage], names: Sequence[str], now: str, enters: Mapping[str, Truth],
    exits: Mapping[str, Truth], row: int,
) -> str | None:  # fmt: skip
    if stages[now].exit is not None and not exits[now][row]:
        return None
    later = names[names.index(now) + 1 :]
    entered = next((name for name in later if _may(enters, name, row)), None)
    if entered is None and stages[now].exit is not None and later and stages[later[0]].enter is None:
        return later[0]
    return entered


def _may(enters: Mapping[str, Truth], name: str, row: int) -> bool:
    return name in enters and bool(enters[name][row])


@dataclass(frozen=True)
class Reached:
    """How one account stands with one milestone of the stage it is in. `reached_on` null: not yet."""

    due_on: date
    reached_on: date | None

    def overdue_days(self, today: date) -> int:
        """By how many days it is late; 0 where it is not, or was reached."""
        return max(0, (today - self.due_on).days) if self.reached_on is None else 0


def due_on(milestone: Milestone, entered_on: date) -> date:
    """The last day on which it is in time: `due` days after the account came to the stage."""
    return entered_on + timedelta(days=milestone.due)
