"""Free words become a condition: values, sizes and segments that are known by their names, and nothing else.

No guess is made: a word that names nothing is told back, and the condition can be changed by whoever asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

NEAR = 2
"""A size is near another within this factor, up or down."""

_STOP_WORDS = """
    a an and any anybody anyone around at by can could customer customers do for from give have he her him in is
    it like me my near need of on or our please she somebody someone speak speaks speaking talk talks that the
    their them they to us we who whom with would about account accounts people person advocate advocates find show
"""
_STOP = frozenset(_STOP_WORDS.split())
_NUMBER = r"(?P<number>\d[\d,.]*)\s*(?P<size>[km])?"
_SIZES = {"": 1, "k": 1_000, "m": 1_000_000}
_DAYS = {"today": 0, "tomorrow": 1, "this week": 0, "next week": 7, "next month": 30}


@dataclass(frozen=True)
class Vocabulary:
    """What words may mean. `values`: by attribute its texts; `numbers`: by words the name of a number; `segments` and
    `kinds`: by name their title; `languages` and `topics`: as advocates have them."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = ()
    topics: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """Some of the words, and the condition that they were taken for."""

    words: str
    condition: str


@dataclass(frozen=True)
class Understood:
    """`left`: words that name nothing; `day`: by when it is needed."""

    parts: tuple[Part, ...] = ()
    kind: str = ""
    day: date | None = None
    left: tuple[str, ...] = ()

    @property
    def condition(self) -> str:
        """All parts together; parts of one attribute are one of them."""
        return " and ".join(one.condition for one in self.parts)


def understand(text: str, known: Vocabulary, today: date) -> Understood:
    """What the words mean: longer names first, each word once."""
    left = _Words(text)
    kind = next((name for words, name in _phrases(known.kinds) if left.take(words)), "")
    day = next((today + timedelta(days=days) for words, days in _DAYS.items() if left.take(words)), None)
    parts = [*_sizes(left, known), *_values(left, known), *_spoken(left, known), *_segments(left, known)]
    return Understood(tuple(parts), kind, day, left.rest())


class _Words:
    """The text, lower case; what was taken is gone."""

    def __init__(self, text: str) -> None:
        self.text = " ".join(re.sub(r"[?!;:()\"]", " ", text).split()).lower()

    def take(self, words: str) -> str | None:
        """The words as they stood there, an `s` at the end more or less."""
        found = re.search(rf"(?<!\w){re.escape(words.lower())}(?:e?s)?(?!\w)", self.text) if words.strip() else None
        return self.cut(found) if found else None

    def cut(self, found: re.Match[str]) -> str:
        self.text = f"{self.text[: found.start()]} | {self.text[found.end() :]}"
        return found[0]

    def rest(self) -> tuple[str, ...]:
        words = (word.strip(".,'") for word in self.text.replace("|", " ").split())
        return tuple(dict.fromkeys(word for word in words if word and word not in _STOP))


def _sizes(left: _Words, known: Vocabulary) -> Iterator[Part]:
    """500 seats, seats 500, 2m arr: within a factor of NEAR."""
    for words, name in sorted(known.numbers.items(), key=lambda one: -len(one[0])):
        spelt = rf"{re.escape(words.lower())}(?:e?s)?"
        for pattern in (
            rf"(?<![\w.]){_NUMBER}\s*(?:of\s+)?{spelt}(?!\w)",
            rf"(?<!\w){spelt}\s+(?:of\s+)?{_NUMBER}(?!\w)",
        ):
            found = re.search(pattern, left.text)
            if found and (size := _number(found)) is not None:
                condition = f"{_quoted_name(name)} between {size / NEAR:g} and {size * NEAR:g}"
                yield Part(left.cut(found), condition)
                break


def _number(found: re.Match[str]) -> float | None:
    try:
        return float(found["number"].rstrip(".,").replace(",", "")) * _SIZES[found["size"] or ""]
    except ValueError:
        return None


def _values(left: _Words, known: Vocabulary) -> Iterator[Part]:
    """Of each attribute the values that are named, longer ones first."""
    found: dict[str, list[tuple[str, str]]] = {}
    pairs = [(value, name) for name, values in known.values.items() for value in values if len(value) > 1]
    for value, name in sorted(pairs, key=lambda one: (-len(one[0]), one)):
        if (words := left.take(value)) is not None:
            found.setdefault(name, []).append((words, value))
    for name, taken in found.items():
        yield Part(", ".join(words for words, _ in taken), _one_of(name, [value for _, value in taken]))


def _one_of(name: str, values: list[str]) -> str:
    if len(values) == 1:
        return f"{_quoted_name(name)} = {_quoted(values[0])}"
    return f"{_quoted_name(name)} in ({', '.join(_quoted(value) for value in values)})"


def _spoken(left: _Words, known: Vocabulary) -> Iterator[Part]:
    for name, values in (("languages", known.languages), ("topics", known.topics)):
        for value in sorted(values, key=lambda one: (-len(one), one)):
            if (words := left.take(value)) is not None:
                yield Part(words, f"contains({name}, {_quoted(value.lower())})")


def _segments(left: _Words, known: Vocabulary) -> Iterator[Part]:
    for words, name in _phrases(known.segments):
        if (taken := left.take(words)) is not None:
            yield Part(taken, f"in_segment({_quoted(name)})")


def _phrases(titles: Mapping[str, str]) -> list[tuple[str, str]]:
    """Titles and names as words, with the name; longer ones first."""
    pairs = {title: name for name, title in titles.items() if title} | {name.replace("_", " "): name for name in titles}
    return sorted(pairs.items(), key=lambda one: (-len(one[0]), one))


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _quoted_name(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'
