"""Splits: a part to learn from and a part to judge by. An account is never in both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from keepwell.engine.values import Days
from keepwell.errors import RequestRefused
from keepwell.learning.observations import Observations
from keepwell.learning.outcomes import Flags

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Positions in the observations, ascending. `name` says how the split was made, such as "fold 2 of 5"."""

    name: str
    train: Rows
    test: Rows


def by_account(observations: Observations, *, test_share: float = 0.3, seed: int = 0) -> Split:
    """A share of the accounts, drawn by `seed`, with all of their observations, is the test part.

    Accounts that were lost at some time are shared out apart from the others, so that both parts hold some.
    """
    if not 0 < test_share < 1:
        raise RequestRefused(f"a test part of {test_share:g} of the accounts; give a share between 0 and 1")
    place = _shuffled(observations, seed)
    return _split(observations, f"{test_share:.0%} of the accounts", place < test_share)


def folds(observations: Observations, count: int = 5, *, seed: int = 0) -> Iterator[Split]:
    """`count` splits of which each account is in the test part of one; losses are shared out evenly."""
    if not 2 <= count <= max(observations.accounts, 2):
        raise RequestRefused(
            f"{count} folds of {observations.accounts} accounts; give 2 or more, and no more than that"
        )
    fold = np.minimum((_shuffled(observations, seed) * count).astype(np.int64), count - 1)
    for number in range(count):
        yield _split(observations, f"fold {number + 1} of {count}", fold == number)


def out_of_time(observations: Observations, on: date, *, test_share: float = 0.5, seed: int = 0) -> Split:
    """Train on what was decided before `on`, judge by what was observed from then on, on other accounts.

    Each account is drawn for one side and counts only there: were it to count on both, its habits would be learned;
    were those with observations on both sides left out of the training part, only who left early would remain in it.
    An observation whose outcome was open on `on` is on neither side.
    """
    boundary = np.datetime64(on, "D")
    is_test = _shuffled(observations, seed) < test_share
    settled = settled_on(observations) < boundary
    train = np.flatnonzero(~is_test[observations.codes] & settled)
    test = np.flatnonzero(is_test[observations.codes] & (observations.as_of >= boundary))
    return Split(f"out of time at {on}", train, test)


def given(observations: Observations, train: Rows, test: Rows, name: str = "given") -> Split:
    """Rows that somebody else chose. Raises RequestRefused where an account is on both sides."""
    both = np.intersect1d(observations.codes[train], observations.codes[test])
    if len(both):
        where = np.flatnonzero(observations.codes == both[0])[0]
        raise RequestRefused(
            f"split '{name}': {len(both)} accounts are in the training part and in the test part, such as "
            f"{observations.account[int(where)]}; keep each on one side"
        )
    return Split(name, np.sort(train), np.sort(test))


def _shuffled(observations: Observations, seed: int) -> npt.NDArray[np.float64]:
    """[accounts] a place from 0 to 1 for each, evenly spread among those ever lost and among the others."""
    ever_lost = np.zeros(observations.accounts, np.bool_)
    ever_lost[observations.codes[observations.lost]] = True
    random = np.random.default_rng(seed)
    place = np.empty(observations.accounts)
    for group in (ever_lost, ~ever_lost):
        members = np.flatnonzero(group)
        place[random.permutation(members)] = (np.arange(len(members)) + 0.5) / max(len(members), 1)
    return place


def settled_on(observations: Observations) -> Days:
    """[n] the day from which on the outcome could be known: of a horizon its end, for those who stayed and who left."""
    reach = observations.lead_days + (observations.horizon_days or 0)
    closes = observations.as_of + np.timedelta64(reach, "D")
    if observations.horizon_days is not None:
        return closes
    return np.where(np.isnat(observations.decided_on), closes, observations.decided_on)


def _split(observations: Observations, name: str, is_test: Flags) -> Split:
    of_row = is_test[observations.codes]
    return Split(name, np.flatnonzero(~of_row), np.flatnonzero(of_row))
