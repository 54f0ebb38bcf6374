"""The tone of a band: which of three shapes and colours stands for it, whatever its scheme calls it."""

from __future__ import annotations

from keepwell.definitions.schemes import Scheme

NONE = "none"


def tone_of(label: str, scheme: Scheme) -> str:
    """bad for the worst band, good for the best, middle between; none without bands and for what is unknown."""
    labels = list(scheme.labels)
    if label not in labels or len(labels) < 2:
        return NONE
    place = labels.index(label)
    return "bad" if place == 0 else "good" if place == len(labels) - 1 else "middle"
