"""Metrics that say the same: clusters by rank correlation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keepwell.learning.observations import Codes
from keepwell.learning.outcomes import Floats

ALIKE = 0.7
"""Members of a cluster have a mean |rank correlation| of at least this with each other."""


@dataclass(frozen=True)
class Cluster:
    """`members` by name, two or more; `correlation`: the mean |Spearman| between them."""

    members: tuple[str, ...]
    correlation: float


@dataclass(frozen=True)
class Likeness:
    """Rank correlations (Spearman 1904) between `names`: [k, k], from -1 to 1; those that say the same stand
    together."""

    names: tuple[str, ...]
    matrix: Floats


def likeness(columns: Mapping[str, Floats]) -> Likeness:
    """`columns`: [n] each, NaN for null, which counts as a middle rank. Constant columns are left out."""
    ranks = {name: _ranks(values) for name, values in columns.items()}
    names = [name for name, values in ranks.items() if values.std() > 0]
    if len(names) < 2:
        return Likeness(tuple(names), np.ones((len(names), len(names))))
    matrix = np.atleast_2d(np.corrcoef(np.stack([ranks[name] for name in names])))
    from scipy.cluster.hierarchy import leaves_list

    order = leaves_list(_tree(np.abs(matrix)))
    return Likeness(tuple(names[i] for i in order), matrix[np.ix_(order, order)])


def clusters(columns: Mapping[str, Floats]) -> tuple[Cluster, ...]:
    """`columns`: as for `likeness`.

    Hierarchical clustering by average linkage of 1 - |Spearman| (Sokal and Michener 1958), cut at 1 - ALIKE.
    """
    return clusters_of(likeness(columns))


def clusters_of(found: Likeness) -> tuple[Cluster, ...]:
    from scipy.cluster.hierarchy import fcluster

    names, alike = found.names, np.abs(found.matrix)
    if len(names) < 2:
        return ()
    labels = fcluster(_tree(alike), 1 - ALIKE, "distance")
    parts = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    made = [
        Cluster(tuple(sorted(names[i] for i in members)), _mean_between(alike, members))
        for members in parts
        if len(members) > 1
    ]
    return tuple(sorted(made, key=lambda one: (-len(one.members), one.members)))


def _tree(alike: Floats) -> Floats:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    distance = np.clip(1 - alike, 0, 1)
    np.fill_diagonal(distance, 0)
    found: Floats = linkage(squareform(distance, checks=False), "average")
    return found


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    found = np.full(len(values), (known.sum() + 1) / 2)
    found[known] = rankdata(values[known])
    return found


def _mean_between(alike: Floats, members: Codes) -> float:
    inner = alike[np.ix_(members, members)]
    return float(inner[np.triu_indices(len(members), 1)].mean())
