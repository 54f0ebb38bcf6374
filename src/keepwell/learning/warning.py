"""Early warning: where the accounts that left are looked at again, further back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from keepwell.engine.values import Days
from keepwell.learning.observations import Codes, Observations
from keepwell.learning.observing import Question, at_least_before

WARNING_DAYS = (30, 60, 90, 120, 180)
EARLY = 90
"""The distance that early warning is quoted at."""


@dataclass(frozen=True)
class Looks:
    """Each loss at several distances before its decision, L of them; a distance without facts is left out.

    `codes`: [L] the account as in the observations. `days`: [L] at least so many days before. `row`: [L] the
    observation of the loss.
    """

    account: pa.StringArray
    as_of: Days
    codes: Codes
    days: Codes
    row: Codes


def looks_back(observations: Observations, question: Question) -> Looks:
    """Where to look; nothing for observations whose losses have no day."""
    rows = _losses(observations)
    parts = []
    for days in WARNING_DAYS:
        as_of = at_least_before(observations.decided_on[rows], days, question, observations.way)
        known = np.ones(len(rows), np.bool_) if observations.first_fact is None else as_of >= observations.first_fact
        parts.append((rows[known], as_of[known], np.full(int(known.sum()), days)))
    row, as_of, distance = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Looks(observations.account.take(pa.array(row)), as_of, observations.codes[row], distance, row)


def _losses(observations: Observations) -> Codes:
    """One observation of each decision to leave."""
    rows = np.flatnonzero(observations.lost & ~np.isnat(observations.decided_on))
    keys = np.stack([observations.codes[rows], observations.decided_on[rows].astype(np.int64)])
    _, first = np.unique(keys, axis=1, return_index=True)
    return rows[first]
