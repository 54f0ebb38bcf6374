"""Answers that ask for an answer: low ones and those with words, as far as somebody sees their accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Response
from keepwell.apps.surveys.results.reading import Subject, subject_of
from keepwell.apps.surveys.results.words import groups_of_score
from keepwell.definitions.survey_questions import Scale, TextQuestion

CONSIDERED = 2000


@dataclass(frozen=True)
class Answer:
    """`number`: of the question whose score stands at the top, `of`: the highest it could be; None without one."""

    response: Response
    title: str
    number: int | None
    of: int | None
    low: bool
    text: str
    person: str


def answers_of(accounts: QuerySet[Account], since: datetime, survey: str = "") -> list[Answer]:
    """The newest answers of accounts, at most CONSIDERED."""
    found = Response.objects.filter(account__in=accounts, answered_at__gte=since)
    if survey:
        found = found.filter(survey=survey)
    rows = found.select_related("account", "person__personal").order_by("-answered_at", "-pk")[:CONSIDERED]
    subjects: dict[str, Subject | None] = {}
    answers = []
    for one in rows:
        if one.survey not in subjects:
            subjects[one.survey] = _subject(one.survey)
        subject = subjects[one.survey]
        if subject is not None:
            answers.append(_answer(subject, one))
    return answers


def worth_answering(answers: Sequence[Answer], most: int) -> list[Answer]:
    """Low ones first, the lowest first, then those with words, the newest first."""
    worth = [one for one in answers if one.low or one.text]
    return sorted(worth, key=lambda one: (not one.low, one.number if one.low and one.number is not None else 0))[:most]


def _answer(subject: Subject, one: Response) -> Answer:
    scale, number = _number(subject, one)
    personal = getattr(one.person, "personal", None) if one.person else None
    return Answer(
        one, subject.title, number, scale.highest if scale else None, is_low(scale, number),
        next(_texts(one), ""), str(personal) if personal else "",
    )  # fmt: skip


def is_low(scale: Scale | None, number: float | None) -> bool:
    """A detractor, or who gave no good answer."""
    if scale is None or number is None:
        return False
    _, low, high = next(iter(groups_of_score(scale).values()))
    return low <= number <= high


def _number(subject: Subject, one: Response) -> tuple[Scale | None, int | None]:
    """By the question as it was asked then."""
    if subject.headline is None:
        return None, None
    asked = {question.name: question for question in definition(one.survey, one.version).questions}
    question = asked.get(subject.headline.name)
    number: Any = one.answers.get(subject.headline.name)
    if not isinstance(question, Scale) or number is None:
        return None, None
    return question, int(number)


def _texts(one: Response) -> Iterator[str]:
    for question in definition(one.survey, one.version).questions:
        if isinstance(question, TextQuestion) and (text := one.answers.get(question.name)):
            yield str(text)


def _subject(name: str) -> Subject | None:
    try:
        return subject_of(name)
    except NotVisible:
        return None
