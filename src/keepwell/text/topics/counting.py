"""How often a team's topics come up, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keepwell.errors import RequestRefused
from keepwell.text.topics.dictionary import Flags, Topics
from keepwell.text.topics.standing_out import lift, strength


@dataclass(frozen=True)
class TopicCount:
    """As `standing_out.Phrase`, of a topic."""

    topic: str
    texts: int
    of: int
    elsewhere: int
    of_elsewhere: int
    lift: float
    strength: float


def topic_counts(
    topics: Topics, texts: Sequence[str | None], groups: Sequence[str]
) -> dict[str, tuple[TopicCount, ...]]:
    """Every topic for every group, topics in their order. Raises RequestRefused as `standing_out`."""
    if len(texts) != len(groups):
        raise RequestRefused(f"there are {len(texts)} texts and {len(groups)} groups; each text needs one")
    found = topics.of(texts)
    return {group: _counts(topics, found, np.array([one == group for one in groups])) for group in sorted(set(groups))}


def _counts(topics: Topics, found: Flags, inside: Flags) -> tuple[TopicCount, ...]:
    size, others = int(inside.sum()), int((~inside).sum())
    made = []
    for name, one in zip(topics.topics, found.T, strict=True):
        numbers = (int(one[inside].sum()), size, int(one[~inside].sum()), others)
        made.append(TopicCount(name, *numbers, lift(*numbers), strength(*numbers)))
    return tuple(made)
