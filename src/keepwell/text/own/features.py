"""What a linear classifier sees of a text: its words, pairs of words, and pieces of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from keepwell.text.reading import words

BLOCKS = ("word", "piece")
_PIECES = range(2, 6)


def features(text: str) -> tuple[Counter[str], Counter[str]]:
    """How often each feature occurs, by block. Any language: nothing is stemmed, and pieces catch endings and typos."""
    read = words(text)
    whole = Counter(read)
    whole.update(f"{first} {second}" for first, second in pairwise(read))
    return whole, Counter(piece for word in text.casefold().split() for piece in _pieces(f" {word} "))


def _pieces(word: str) -> Iterator[str]:
    for length in _PIECES:
        for at in range(max(len(word) - length + 1, 1)):
            yield word[at : at + length]
        if length >= len(word):
            return
