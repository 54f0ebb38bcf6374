"""Features of many texts counted once, as sparse matrices, from which every fold takes its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from keepwell.text.classifier import Codes, Floats
from keepwell.text.own.features import BLOCKS, features
from keepwell.text.own.linear import lexicon_scores

LEAST_TEXTS_A_FEATURE = 2
"""A word of one text alone teaches nothing, and may be somebody's name."""
MOST_FEATURES = 40_000
"""Of one block; the rarest are left out."""


@dataclass(frozen=True)
class Counted:
    """n texts. `counts`: for each block a sparse matrix [n, features of all texts], and the features' names."""

    counts: tuple[Any, ...]
    names: tuple[tuple[str, ...], ...]
    lexicon: Floats  # [n]


@dataclass(frozen=True)
class Kept:
    """The features of one block that some texts have often enough, with their idf."""

    at: Codes
    idf: Floats


def counted(texts: Sequence[str]) -> Counted:
    both = [features(text) for text in texts]
    made = [_matrix([one[block] for one in both]) for block in range(len(BLOCKS))]
    return Counted(tuple(matrix for matrix, _ in made), tuple(names for _, names in made), lexicon_scores(texts))


def kept(counts: Any) -> Kept:
    """Features by how many of the texts ([n, features]) have them; idf = ln((1 + n) / (1 + texts)) + 1."""
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    often = np.flatnonzero(texts >= LEAST_TEXTS_A_FEATURE)
    at = np.sort(often[np.argsort(-texts[often], kind="stable")][:MOST_FEATURES])
    return Kept(at, np.log((1 + counts.shape[0]) / (1 + texts[at])) + 1)


def weighed(counts: Any, features_kept: Kept) -> Any:
    """[n, kept features] the weights of `linear.Block`."""
    found = counts[:, features_kept.at].astype(np.float64)
    found.data = (1 + np.log(found.data)) * features_kept.idf[found.indices]
    length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).reshape(-1))
    found.data /= np.repeat(np.where(length > 0, length, 1.0), np.diff(found.indptr))
    return found


def _matrix(rows: Sequence[Mapping[str, int]]) -> tuple[Any, tuple[str, ...]]:
    from scipy.sparse import csr_matrix

    names = sorted({name for row in rows for name in row})
    place = {name: at for at, name in enumerate(names)}
    starts = np.cumsum([0, *(len(row) for row in rows)])
    at = np.array([place[name] for row in rows for name in row], np.int64)
    count = np.array([one for row in rows for one in row.values()], np.float64)
    matrix = csr_matrix((count, at, starts), shape=(len(rows), len(names)))
    matrix.sort_indices()
    return matrix, tuple(names)
