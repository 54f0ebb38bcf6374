"""The form above results: what can be chosen, and what is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pyarrow.compute as pc

from keepwell.apps.access.models import User
from keepwell.apps.customers.choices import surroundings_of
from keepwell.apps.surveys.results.answered import Answered, answered_of
from keepwell.apps.surveys.results.asking import ATTRIBUTE, DAYS, PERIODS, PLAIN_BYS, Asked
from keepwell.apps.surveys.results.counting import first_days
from keepwell.apps.surveys.results.reading import Subject
from keepwell.apps.surveys.results.words import BYS, CHANNELS, question_words, short, version_words

Option = tuple[str, str]


@dataclass(frozen=True)
class Select:
    """`options`: values with their words; `chosen`: the value."""

    name: str
    label: str
    options: tuple[Option, ...]
    chosen: str
    error: str = ""


def selects_of(user: User, subject: Subject, asked: Asked) -> list[Select]:
    """Those with nothing to choose between are left out."""
    around = surroundings_of(user)
    every = answered_of(subject.name, subject.survey, subject.editions, subject.project.settings.time_zone)
    many = asked.filters.many
    found = [
        Select("days", "Look back", tuple((one, _days(one)) for one in DAYS), asked.days or "365"),
        Select("question", "Score of", tuple(_scales(subject)), asked.question),
        Select("segment", "Segment", _any(around.choices.of["segment"]), _first(many.get("segment"))),
        Select("stage", "Stage", _any(around.choices.of["stage"]), _first(many.get("stage"))),
        Select("csm", "Owner", _any(around.choices.of["csm"]), _first(many.get("csm"))),
        Select("language", "Language", _any((one, one) for one in _values(every, "language")), asked.language),
        Select(
            "channel", "Way", _any((one, CHANNELS.get(one, one)) for one in _values(every, "channel")), asked.channel
        ),
        Select("version", "Version", _any(version_words(first_days(every)).items()), asked.version),
    ]
    kept = [one for one in found if len(one.options) > 2 or (one.name == "question" and len(one.options) > 1)]
    return [_with_error(one, asked) for one in kept]


def bys_of(user: User) -> tuple[Option, ...]:
    """By what segments can be compared: attributes of text and yes or no too."""
    columns = surroundings_of(user).columns
    types = dict(columns.types) if columns else {}
    own = [(f"{ATTRIBUTE}{name}", name.replace("_", " ")) for name, kind in sorted(types.items())
           if kind in ("string", "boolean")]  # fmt: skip
    return (*((name, BYS[name]) for name in PLAIN_BYS), *own)


def periods_of() -> tuple[Option, ...]:
    return tuple((one, f"{one}s") for one in PERIODS)


def _with_error(one: Select, asked: Asked) -> Select:
    error = asked.wrong.get(one.name, "")
    return Select(one.name, one.label, one.options, one.chosen, error) if error else one


def _days(one: str) -> str:
    return "all days" if one == "all" else f"{one} days"


def _scales(subject: Subject) -> Iterator[Option]:
    yield from ((one.name, short(question_words(subject, one))) for one in subject.scales)


def _any(options: Iterable[Option]) -> tuple[Option, ...]:
    return (("", "all"), *options)


def _first(values: tuple[str, ...] | None) -> str:
    return values[0] if values else ""


def _values(answered: Answered, label: str) -> list[str]:
    return sorted(pc.unique(answered.labels[label].drop_null()).to_pylist())
