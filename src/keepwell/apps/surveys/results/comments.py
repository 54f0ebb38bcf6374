"""What people wrote in their own words: chosen by score, question and words, the newest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow.compute as pc
from django.http import QueryDict

from keepwell.apps.surveys.results.answered import Answered, Truths
from keepwell.apps.surveys.results.counting import Chosen
from keepwell.apps.surveys.results.judged import SENTIMENTS, Judged, comment_id, ids_with, judged
from keepwell.apps.surveys.results.people import Who, people_of
from keepwell.apps.surveys.results.reading import Subject
from keepwell.apps.surveys.results.words import groups_of_score, question_words
from keepwell.definitions.survey_questions import TextQuestion
from keepwell.engine.adoption.days import dated

PAGE = 50
_LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """Which comments: `group` of the score, `of` a question, with `words` in them, judged to be of a `sentiment` and
    about a `topic`. `errors` by field."""

    group: str = ""
    of: str = ""
    words: str = ""
    sentiment: str = ""
    topic: str = ""
    page: int = 1
    errors: Mapping[str, str] | None = None

    def pairs(self) -> list[tuple[str, str]]:
        return [(name, getattr(self, name)) for name in _FIELDS if getattr(self, name)]


_FIELDS = ("group", "of", "words", "sentiment", "topic")


@dataclass(frozen=True)
class Comment:
    """`number`: the answer to the question with a scale, None where it was left out."""

    text: str
    question: str
    number: int | None
    day: date
    language: str
    channel: str
    account_id: str | None
    account: str
    person: str
    response: str
    sentiment: str = ""
    topics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comments:
    rows: Sequence[Comment]
    total: int
    page: int
    pages: int


def read_wanted(query: QueryDict, found: Chosen) -> Wanted:
    """What cannot be read stands in `errors`."""
    names = (*_FIELDS, "page")
    typed = {name: query.get(name, "").strip().replace("\x00", "")[:_LONGEST] for name in names}
    allowed = {
        "group": tuple(groups_of_score(found.scale)) if found.scale else (), "of": texts_of(found.subject),
        "sentiment": SENTIMENTS,
    }  # fmt: skip
    errors = {
        name: f"'{typed[name]}' is none of {', '.join(values) or 'what there is'}"
        for name, values in allowed.items()
        if typed[name] and typed[name] not in values
    }
    page = int(typed["page"]) if typed["page"].isdecimal() and len(typed["page"]) < 7 else 1
    return Wanted(**{name: typed[name] for name in _FIELDS}, page=max(page, 1), errors=errors)


def texts_of(subject: Subject) -> tuple[str, ...]:
    return tuple(one.name for one in subject.survey.questions if isinstance(one, TextQuestion))


def comments_of(found: Chosen, wanted: Wanted, size: int = PAGE) -> Comments:
    """One page of them."""
    if wanted.errors:
        return Comments((), 0, 1, 1)
    answered = found.answered
    inside = _of_group(found, wanted.group)
    places = [
        (question, place)
        for question in ([wanted.of] if wanted.of else texts_of(found.subject))
        for place in np.flatnonzero(inside & _with(answered, question, wanted.words)).tolist()
    ]
    if wanted.sentiment or wanted.topic:
        fitting = ids_with(wanted.sentiment, wanted.topic)
        places = [one for one in places if comment_id(int(answered.number[one[1]]), one[0]) in fitting]
    places.sort(key=lambda one: (int(answered.at[one[1]]), int(answered.number[one[1]])), reverse=True)
    pages = max(1, -(-len(places) // size))
    page = min(wanted.page, pages)
    return Comments(_comments(found, places[(page - 1) * size : page * size]), len(places), page, pages)


def _of_group(found: Chosen, group: str) -> Truths:
    if not group or found.scale is None:
        return np.ones(len(found.answered), np.bool_)
    _, low, high = groups_of_score(found.scale)[group]
    numbers = found.answered.columns[found.scale.name]
    return np.asarray((numbers >= low) & (numbers <= high))


def _with(answered: Answered, question: str, words: str) -> Truths:
    """[n] whether there is a text, with all the words in it, in any order."""
    column = answered.texts[question]
    found = np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False))
    for word in words.split():
        match = pc.match_substring(column, word, ignore_case=True)
        found = found & np.asarray(pc.fill_null(match, False).to_numpy(zero_copy_only=False))
    return found


def _comments(found: Chosen, places: Sequence[tuple[str, int]]) -> list[Comment]:
    answered = found.answered
    known = people_of([int(answered.number[place]) for _, place in places])
    said = judged([comment_id(int(answered.number[place]), question) for question, place in places])
    return [
        _comment(found, question, place, who, said.get(comment_id(number, question)))
        for question, place in places
        for number in (int(answered.number[place]),)
        if (who := known.get(number)) is not None
    ]


def _comment(found: Chosen, question: str, place: int, who: Who, said: Judged | None) -> Comment:
    answered, subject = found.answered, found.subject
    number = answered.columns[found.scale.name][place] if found.scale else np.nan
    return Comment(
        text=answered.texts[question][place].as_py(),
        question=question_words(subject, subject.survey.question(question)),
        number=None if np.isnan(number) else int(number),
        day=dated(int(answered.day[place])),
        language=_label(answered, "language", place),
        channel=_label(answered, "channel", place),
        account_id=who.account_id,
        account=who.account,
        person=who.person,
        response=who.key,
        sentiment=said.sentiment if said else "",
        topics=said.topics if said else (),
    )


def _label(answered: Answered, name: str, place: int) -> Any:
    return answered.labels[name][place].as_py()
