"""A linear classifier over TF-IDF features and the lexicon's score: prediction, in NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from keepwell.text.classifier import Floats
from keepwell.text.lexicon import lexicon
from keepwell.text.own.features import features


@dataclass(frozen=True)
class Block:
    """Features of one kind. A text's weights are (1 + log count) x idf, of length 1 (Salton and Buckley 1988)."""

    names: tuple[str, ...]
    idf: Floats  # [features]
    coefficients: Floats  # [features, 3]

    @cached_property
    def places(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.names)}

    def logits(self, counts: Mapping[str, int]) -> Floats:
        """[3] what a text's features add."""
        known = [(at, count) for name, count in counts.items() if (at := self.places.get(name)) is not None]
        if not known:
            return np.zeros(3)
        at, count = np.array(known).T
        weights = (1 + np.log(count)) * self.idf[at]
        return np.asarray(weights @ self.coefficients[at] / np.sqrt(weights @ weights))


@dataclass(frozen=True)
class Linear:
    """Multinomial logistic regression. `lexicon_version`: of the lexicon whose score is one of its features."""

    version: str
    blocks: tuple[Block, ...]
    lexicon_coefficients: Floats  # [3]
    intercepts: Floats  # [3]
    emphasis: Floats  # [3]
    lexicon_version: str
    told: Mapping[str, Any] = field(default_factory=dict)
    """What it was trained on and how well it does, as JSON."""
    name: str = "own"

    def probabilities(self, texts: Sequence[str]) -> Floats:
        return softmax(self.logits(texts))

    def logits(self, texts: Sequence[str]) -> Floats:
        """[n, 3]"""
        found = self.intercepts + lexicon_scores(texts)[:, None] * self.lexicon_coefficients
        for at, text in enumerate(texts):
            for block, counts in zip(self.blocks, features(text), strict=True):
                found[at] += block.logits(counts)
        return found


def lexicon_scores(texts: Sequence[str]) -> Floats:
    """[n] 0 where the lexicon cannot judge."""
    return np.nan_to_num(lexicon().compound(texts), nan=0.0)


def softmax(logits: Floats) -> Floats:
    """[n, 3] along the second axis."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
