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


def clusters(columns: Mapping[str, Floats]) -> tuple[Cluster, ...]:
    """`columns`: [n] each, NaN for null, which counts as a middle rank. Constant columns belong to none.

    Hierarchical clustering by average linkage of 1 - |Spearman| (Sokal and Michener 1958; Spearman 1904), cut at
    1 - ALIKE.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    ranks = {name: _ranks(values) for name, values in columns.items()}
    names = [name for name, values in ranks.items() if values.std() > 0]
    if len(names) < 2:
        return ()
    alike = np.abs(np.corrcoef(np.stack([ranks[name] for name in names])))
    distance = np.clip(1 - alike, 0, 1)
    np.fill_diagonal(distance, 0)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), 1 - ALIKE, "distance")
    found = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return tuple(
        Cluster(tuple(sorted(names[i] for i in members)), _mean_between(alike, members))
        for members in sorted(found, key=lambda members: (-len(members), names[members[0]]))
        if len(members) > 1
    )


def _ranks(values: Floats) -> Floats:
    from scipy.stats import rankdata

    known = ~np.isnan(values)
    found = np.full(len(values), (known.sum() + 1) / 2)
    found[known] = rankdata(values[known])
    return found


def _mean_between(alike: Floats, members: Codes) -> float:
    inner = alike[np.ix_(members, members)]
    return float(inner[np.triu_indices(len(members), 1)].mean())
