"""Topics that a team names itself, and the texts that speak of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator

from keepwell.definitions.base import Documented
from keepwell.definitions.names import Name
from keepwell.text.reading import is_unspaced, readable

Flags = npt.NDArray[np.bool_]

MOST_PHRASES = 200
_GAP = 5
_MOST_GAPS = 2
_APART = rf"(?:\W+\w+){{0,{_GAP}}}?\W+"


class Topic(Documented):
    """A topic is spoken of where any of its phrases occurs, in any case of letters.

    A phrase is words in a row. `*` at the beginning or end of a word stands for any letters, and `...` between words
    for up to five words. There are no regular expressions, so that no topic can take long.
    """

    phrases: tuple[str, ...] = Field(
        min_length=1,
        max_length=MOST_PHRASES,
        strict=False,
        description="Words and phrases, such as invoice*, log in or slow ... load*",
    )
    but_not: tuple[str, ...] = Field(
        default=(), max_length=MOST_PHRASES, strict=False, description="Phrases that do not count, such as credit note"
    )

    @field_validator("phrases", "but_not")
    @classmethod
    def _formed(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for phrase in given:
            _check(phrase)
        return given

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return _any(self.phrases)

    @cached_property
    def _excluded(self) -> re.Pattern[str] | None:
        return _any(self.but_not) if self.but_not else None

    def is_in(self, text: str | None) -> bool:
        read = _spelled(readable(text))
        if self._excluded is not None:
            read = self._excluded.sub(" \0 ", read)
        return self._pattern.search(read) is not None


class Topics(Documented):
    """A team's topics by name."""

    topics: dict[Name, Topic] = Field(min_length=1, description="What texts may be about, by name")

    def of(self, texts: Sequence[str | None]) -> Flags:
        """[texts, topics] which texts speak of which topic, topics in their order."""
        found = [[topic.is_in(text) for topic in self.topics.values()] for text in texts]
        return np.array(found, np.bool_).reshape(len(texts), len(self.topics))


def _check(phrase: str) -> None:
    words = phrase.split(" ")
    bare = [word.strip("*") for word in words if word != "..."]
    if phrase != phrase.strip() or "" in words or "" in bare or any("*" in one for one in bare):
        raise ValueError(
            f"'{phrase}' is no phrase; write words with one blank between them, * only at the beginning "
            "or end of a word, and ... only between words"
        )
    if "..." in (words[0], words[-1]) or ("...", "...") in pairwise(words):
        raise ValueError(f"'{phrase}': ... stands between two words")
    if words.count("...") > _MOST_GAPS:
        raise ValueError(f"'{phrase}': ... may stand {_MOST_GAPS} times in a phrase; make it two phrases")


def _any(phrases: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(_compiled(phrase) for phrase in phrases))


def _compiled(phrase: str) -> str:
    made, apart = "", ""
    for word in _spelled(phrase).split(" "):
        if word == "...":
            apart = _APART
            continue
        made += (apart if made else "") + _word(word)
        apart = r"\W+"
    return made


def _word(word: str) -> str:
    bare = re.escape(word.strip("*"))
    if is_unspaced(word):
        return bare
    start = r"\b\w*" if word.startswith("*") else r"(?<!\w)"
    return start + bare + (r"\w*" if word.endswith("*") else r"(?!\w)")


def _spelled(text: str) -> str:
    return text.replace("’", "'").casefold()
