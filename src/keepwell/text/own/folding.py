"""Which texts are held out together, so that no text is judged by a classifier that has seen it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from keepwell.text.classifier import Codes

FOLDS = 5


def folds(texts: Sequence[str], labels: Codes, seed: int) -> Codes:
    """[n] the fold of each text. Texts with the same words share one; sentiments are spread evenly over folds."""
    _, first, group = np.unique(
        [" ".join(one.casefold().split()) for one in texts], return_index=True, return_inverse=True
    )
    order = np.random.default_rng(seed).permutation(len(first))
    order = order[np.argsort(labels[first][order], kind="stable")]
    fold = np.empty(len(first), np.int64)
    fold[order] = np.arange(len(first)) % FOLDS
    return fold[group.reshape(-1)]
