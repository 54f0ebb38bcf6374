"""Words and phrases of a text that may name what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from keepwell.text.language import language_of
from keepwell.text.reading import readable, words
from keepwell.text.stop_words import STOP_WORDS

MOST_WORDS = 3


def phrases(text: str | None) -> frozenset[str]:
    """One to three words in a row that neither begin nor end with a stop word, a number or a single letter.

    Stop words are those of the text's own language; where none is told, of English. Nothing is stemmed.
    """
    read = readable(text)
    found, stop = words(read), STOP_WORDS.get(language_of(read) or "en", frozenset[str]())
    telling = [_tells(word, stop) for word in found]
    return frozenset(_runs(found, telling))


def _runs(found: Sequence[str], telling: Sequence[bool]) -> list[str]:
    return [
        " ".join(found[at : at + length])
        for length in range(1, MOST_WORDS + 1)
        for at in range(len(found) - length + 1)
        if telling[at] and telling[at + length - 1]
    ]


def _tells(word: str, stop: frozenset[str]) -> bool:
    return word not in stop and not word.isnumeric() and (len(word) > 1 or not word.isascii())
