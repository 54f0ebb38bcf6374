"""Texts with scores whose truth is known: words of praise, of blame and of neither, among words of everyday."""

from __future__ import annotations

import numpy as np

_PRAISE = ("zarp", "wibble", "florn", "quax", "drimmel")
_BLAME = ("gronk", "splat", "murgle", "vexo", "tharn")
_NEITHER = ("okely", "middo", "sosso")
_EVERYDAY = tuple(f"word{letter}" for letter in "abcdefghijklmnop")


def written(texts: int, seed: int = 0, telling: bool = True) -> tuple[list[str], list[float]]:
    """No lexicon knows these words. Without `telling`, words have nothing to do with scores."""
    random = np.random.default_rng(seed)
    scores = random.choice([1, 8, 10], texts, p=[0.45, 0.2, 0.35])
    seen = scores if telling else random.permutation(scores)
    made = []
    for one in seen:
        own = _BLAME if one == 1 else _NEITHER if one == 8 else _PRAISE
        made.append(" ".join([random.choice(own), *random.choice(_EVERYDAY, 5)]))
    return made, [float(one) for one in scores]
