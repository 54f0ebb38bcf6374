"""Topics that a team names itself, and the texts that speak of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from pydantic import Field

from keepwell.definitions.base import Documented
from keepwell.definitions.names import Name
from keepwell.definitions.topics import Topic
from keepwell.text.reading import is_unspaced, readable

Flags = npt.NDArray[np.bool_]

_GAP = 5
_APART = rf"(?:\W+\w+){{0,{_GAP}}}?\W+"


class Topics(Documented):
    """A team's topics by name."""

    topics: dict[Name, Topic] = Field(min_length=1, description="What texts may be about, by name")

    def of(self, texts: Sequence[str | None]) -> Flags:
        """[texts, topics] which texts speak of which topic, topics in their order."""
        found = [[is_in(topic, text) for topic in self.topics.values()] for text in texts]
        return np.array(found, np.bool_).reshape(len(texts), len(self.topics))


def is_in(topic: Topic, text: str | None) -> bool:
    """Whether a text speaks of a topic."""
    read = _spelled(readable(text))
    if topic.but_not:
        read = _any(topic.but_not).sub(" \0 ", read)
    return _any(topic.phrases).search(read) is not None


@lru_cache(maxsize=1000)
def _any(phrases: tuple[str, ...]) -> re.Pattern[str]:
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
