"""Which language a text is in, as far as its small words tell: enough to not judge German by an English lexicon."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from keepwell.text.reading import words
from keepwell.text.stop_words import STOP_WORDS

OTHER = "other"
"""A language that none of the lists knows, told by its script."""
_LEAST_WORDS = 2
"""Small words by which a language other than English must lead; names and loan words alone do not tell."""

_LANGUAGES = {
    word: tuple(code for code, known in STOP_WORDS.items() if word in known)
    for word in frozenset().union(*STOP_WORDS.values())
}


def language_of(text: str) -> str | None:
    """A code of `STOP_WORDS`, `OTHER` for another script, or None where a text is too short or too odd to tell."""
    if not _is_latin(text):
        return OTHER
    found = _hits(words(text))
    best = max(STOP_WORDS, key=lambda code: (found[code], code == "en"))
    if best == "en":
        return "en" if found["en"] else None
    return best if found[best] >= found["en"] + _LEAST_WORDS else None


def _hits(read: Sequence[str]) -> Counter[str]:
    return Counter(code for word in read for code in _LANGUAGES.get(word, ()))


def _is_latin(text: str) -> bool:
    """Whether at least half of its letters are; true for a text without letters."""
    if text.isascii():
        return True
    letters = [one for one in text[:400] if one.isalpha()]
    latin = sum(one.isascii() or unicodedata.name(one, "").startswith("LATIN") for one in letters)
    return 2 * latin >= len(letters)
