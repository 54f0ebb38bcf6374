"""Responses one by one: the newest first, and one of them with every answer in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.roles import Reach
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.results.answered import Answered
from keepwell.apps.surveys.results.counting import Chosen
from keepwell.apps.surveys.results.people import Who, people_of
from keepwell.apps.surveys.results.reading import Subject
from keepwell.apps.surveys.results.words import choice_words, part_words, question_words
from keepwell.definitions.survey_questions import Question
from keepwell.engine.adoption.days import dated

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A response in a list. `number`: the answer to the question with a scale; `text`: the first words they wrote."""

    who: Who
    number: int | None
    text: str
    day: date
    language: str
    channel: str
    finished: bool


@dataclass(frozen=True)
class Rows:
    rows: Sequence[Row]
    page: int
    pages: int


def newest(answered: Answered) -> list[int]:
    """Places, the newest first."""
    return [int(one) for one in np.lexsort((answered.number, answered.at))[::-1]]


def rows_of(found: Chosen, page: int, size: int = PAGE) -> Rows:
    """One page of those that are asked for."""
    answered = found.answered
    pages = max(1, -(-len(answered) // size))
    page = max(1, min(page, pages))
    places = newest(answered)[(page - 1) * size : page * size]
    known = people_of([int(answered.number[place]) for place in places])
    there = ((place, known.get(int(answered.number[place]))) for place in places)
    return Rows([_row(found, place, who) for place, who in there if who is not None], page, pages)


def _row(found: Chosen, place: int, who: Who) -> Row:
    answered = found.answered
    number = answered.columns[found.scale.name][place] if found.scale else np.nan
    texts = (column[place].as_py() for column in answered.texts.values())
    return Row(
        who=who,
        number=None if np.isnan(number) else int(number),
        text=next((text for text in texts if text), ""),
        day=dated(int(answered.day[place])),
        language=answered.labels["language"][place].as_py(),
        channel=answered.labels["channel"][place].as_py(),
        finished=bool(answered.finished[place]),
    )


def response_for(actor: Actor, survey: str, key: str) -> Response:
    """One response. Raises NotVisible where there is none, or none for this actor; one of no account is for those who
    see every account."""
    found = Response.objects.select_related("account", "person__personal", "invitation").filter(survey=survey, key=key)
    response = found.exclude(answered_at=None).first()
    if response is None:
        raise NotVisible
    sees_all = actor.user is None or actor.user.reach == Reach.ALL
    if not sees_all and not visible(actor).filter(pk=response.account_id).exists():
        raise NotVisible
    return response


@dataclass(frozen=True)
class Said:
    """A question with its answer: `lines` in words, `is_text` where it is in words of their own."""

    question: Question
    words: str
    lines: Sequence[str]
    is_text: bool


def said_in(subject: Subject, response: Response) -> Iterator[Said]:
    """Every question of the version that was answered, left out ones with no lines."""
    edition = definition(response.survey, response.version)
    for question in edition.questions:
        lines = _lines(subject, question, response.answers.get(question.name))
        yield Said(question, question_words(subject, question), lines, question.kind == "text")


def _lines(subject: Subject, question: Question, answer: Any) -> list[str]:
    if answer is None:
        return []
    if question.kind == "ranking":
        return [f"{place}. {part_words(subject, question, one)}" for place, one in enumerate(answer, 1)]
    if isinstance(answer, Mapping):
        return [
            f"{part_words(subject, question, row)}: {choice_words(subject, question, column)}"
            for row, column in answer.items()
        ]
    if isinstance(answer, list):
        return [choice_words(subject, question, one) for one in answer]
    if question.kind == "single_choice":
        return [choice_words(subject, question, answer)]
    return [f"{answer:g}" if isinstance(answer, int | float) else str(answer)]


def others_of(actor: Actor, response: Response, most: int = 10) -> list[Response]:
    """Other answers of the account, to any survey."""
    if response.account_id is None:
        return []
    found = Response.objects.filter(account__in=visible(actor).filter(pk=response.account_id))
    return list(found.exclude(pk=response.pk).exclude(answered_at=None).order_by("-answered_at")[:most])


def moment_of(at: int) -> datetime:
    """Of microseconds since 1970."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
