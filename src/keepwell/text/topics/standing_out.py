"""Phrases that a group of texts has more often than the others: offline, for any language, the same every time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from keepwell.errors import RequestRefused
from keepwell.text.topics.phrases import phrases

LEAST_TEXTS = 3
"""A phrase of fewer texts is not shown: it says little, and may tell who wrote it."""
_PRIOR = 0.5
_SAME = 0.9


@dataclass(frozen=True)
class Phrase:
    """`texts` of the group's `of` contain it, and `elsewhere` of the `of_elsewhere` others; each text counts once.

    `lift`: its share in the group against its share elsewhere, half a text added to each so that none is infinite.
    `strength`: the logarithm of its odds ratio by its standard error; phrases are ordered by it, so that one that is
    rare by chance does not lead (Monroe, Colaresi and Quinn 2008; with Haldane's half as the prior).
    """

    phrase: str
    texts: int
    of: int
    elsewhere: int
    of_elsewhere: int
    lift: float
    strength: float


def standing_out(
    texts: Sequence[str | None], groups: Sequence[str], most: int = 20, least: int = LEAST_TEXTS
) -> dict[str, tuple[Phrase, ...]]:
    """For each group, sorted by name, up to `most` phrases of at least `least` of its texts, the strongest first.

    With one group alone there is nothing to compare with: phrases come by their count. Of two phrases that nearly
    always come together the longer one stays. Raises RequestRefused where texts and groups differ in number.
    """
    if len(texts) != len(groups):
        raise RequestRefused(f"there are {len(texts)} texts and {len(groups)} groups; each text needs one")
    found = [phrases(text) for text in texts]
    whole = _counts(found)
    return {
        group: _of_group([one for one, of in zip(found, groups, strict=True) if of == group], whole, len(texts), least)[
            :most
        ]
        for group in sorted(set(groups))
    }


def _counts(found: Iterable[frozenset[str]]) -> Counter[str]:
    return Counter(phrase for one in found for phrase in one)


def _of_group(found: Sequence[frozenset[str]], whole: Counter[str], texts: int, least: int) -> tuple[Phrase, ...]:
    size, inside = len(found), _counts(found)
    often = {phrase: count for phrase, count in inside.items() if count >= least}
    made = [
        _phrase(phrase, count, size, whole[phrase] - count, texts - size) for phrase, count in _longest(often).items()
    ]
    leading = [one for one in made if one.strength > 0 or size == texts]
    return tuple(
        sorted(leading, key=lambda one: (-one.strength if size < texts else -one.texts, -one.texts, one.phrase))
    )


def _phrase(phrase: str, inside: int, size: int, outside: int, others: int) -> Phrase:
    numbers = (inside, size, outside, others)
    return Phrase(phrase, *numbers, lift(*numbers), strength(*numbers))


def _longest(often: dict[str, int]) -> dict[str, int]:
    """Without those that are hardly ever seen outside a longer one."""
    covered = {
        part for phrase, count in often.items() for part in _parts(phrase) if count >= _SAME * often.get(part, np.inf)
    }
    return {phrase: count for phrase, count in often.items() if phrase not in covered}


def _parts(phrase: str) -> Iterable[str]:
    read = phrase.split(" ")
    return (" ".join(read[at : at + length]) for length in range(1, len(read)) for at in range(len(read) - length + 1))


def lift(inside: int, size: int, outside: int, others: int) -> float:
    """See `Phrase.lift`."""
    return (inside + _PRIOR) / (size + 2 * _PRIOR) * (others + 2 * _PRIOR) / (outside + _PRIOR)


def strength(inside: int, size: int, outside: int, others: int) -> float:
    """See `Phrase.strength`."""
    cells = np.array([inside, size - inside, outside, others - outside], np.float64) + _PRIOR
    return float((np.log(cells) @ [1, -1, -1, 1]) / np.sqrt((1 / cells).sum()))
