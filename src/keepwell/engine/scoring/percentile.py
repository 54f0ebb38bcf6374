"""Percentiles: where an account stands among its peers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
"""Which peers an account has: the same number, the same peers; -1 where `within` is null."""


def percentile_scores(values: Floats, within: Codes | None, *, descending: bool = False) -> Floats:
    """100 (below + (equal - 1)/2) / (n - 1) among the n peers with a value; `equal` counts the account itself.

    [n] -> [n]. A single peer has 50. NaN where the value or `within` is null. `within` None: everybody is a peer.
    `descending` counts above instead of below. The order of the rows is irrelevant.
    """
    scores = np.full(len(values), np.nan)
    rows = np.flatnonzero(~np.isnan(values) & (within >= 0 if within is not None else True))
    if not len(rows):
        return scores
    group = np.zeros(len(rows), np.int64) if within is None else within[rows]
    order = _order(values[rows], None if within is None else group)
    scores[rows[order]] = _ranked(group[order], values[rows][order], descending)
    return scores


def _order(value: Floats, group: Codes | None) -> Codes:
    """By group, then value; equal ones in any order, since they share a score. Small codes sort faster."""
    by_value = np.argsort(value)
    if group is None:
        return by_value
    small = group.astype(np.min_scalar_type(group.max()))
    order: Codes = by_value[np.argsort(small[by_value], kind="stable")]
    return order


def _ranked(group: Codes, value: Floats, descending: bool) -> Floats:
    """Scores of rows sorted by group and value."""
    first_of_group, peers = _runs(group[1:] != group[:-1])
    first_of_equal, equal = _runs((group[1:] != group[:-1]) | (value[1:] != value[:-1]))
    below = first_of_equal - first_of_group
    return _score(peers - below - equal if descending else below, equal, peers)


def _runs(breaks: npt.NDArray[np.bool_]) -> tuple[Codes, Codes]:
    """For each row the position at which its run starts, and the run's length."""
    starts = np.concatenate(([0], np.flatnonzero(breaks) + 1))
    lengths = np.diff(np.append(starts, len(breaks) + 1))
    return np.repeat(starts, lengths), np.repeat(lengths, lengths)


def _score(below: npt.NDArray[np.int64], equal: npt.NDArray[np.int64], peers: npt.NDArray[np.int64]) -> Floats:
    return np.where(peers == 1, 50.0, 100.0 * (below + (equal - 1) / 2) / np.maximum(peers - 1, 1))


@dataclass(frozen=True)
class Peers:
    """The sorted values of the peers of a full run, to re-score single accounts against: by the text of `within`.

    Without `within`, all stand under the empty text.
    """

    by_within: Mapping[str, Floats]

    def scores(self, values: Floats, within: list[str | None], before: Floats, *, descending: bool = False) -> Floats:
        """Scores [k] of k accounts, each one alone among the others as they were.

        `before` [k] is the value with which the account itself stands among the peers, NaN if it does not: that value
        is left out, and the new one put in. An unchanged value gives the score of the full run. NaN where the value
        or `within` is null.
        """
        found = [self._one(*one, descending) for one in zip(values, within, before, strict=True)]
        return np.array(found, np.float64)

    def _one(self, value: float, within: str | None, before: float, descending: bool) -> float:
        if np.isnan(value) or within is None:
            return np.nan
        peers = self.by_within.get(within, np.empty(0))
        below = np.searchsorted(peers, value, "left") - (before < value)
        upto = np.searchsorted(peers, value, "right") - (before <= value)
        others = len(peers) - (not np.isnan(before))
        outside = others - upto if descending else below
        return 50.0 if others <= 0 else float(100.0 * (outside + (upto - below) / 2) / others)


def sorted_peers(values: Floats, within: list[str | None] | None) -> Peers:
    """The peers of a full run: `values` [n] of all accounts of the population, `within` [n] or None for everybody."""
    labels = [""] * len(values) if within is None else within
    gathered: dict[str, list[float]] = {}
    for value, label in zip(values, labels, strict=True):
        if label is not None and not np.isnan(value):
            gathered.setdefault(label, []).append(float(value))
    return Peers({label: np.sort(np.array(group)) for label, group in gathered.items()})
