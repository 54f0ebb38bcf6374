"""What texts may be about, in a team's own words."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field, field_validator

from keepwell.definitions.base import Documented

MOST_PHRASES = 200
_MOST_GAPS = 2


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
