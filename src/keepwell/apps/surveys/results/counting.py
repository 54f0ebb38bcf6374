"""What the chosen answers come to: score, rate, distribution, trend, each question, and when a version began."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from keepwell.apps.access.actors import Actor
from keepwell.apps.surveys.models import Invitation
from keepwell.apps.surveys.results.accounts import among, ids_of
from keepwell.apps.surveys.results.answered import Answered, Truths, answered_of
from keepwell.apps.surveys.results.asking import Asked, Whose, today_in, whose
from keepwell.apps.surveys.results.reading import Subject
from keepwell.definitions.survey_questions import Question, Scale
from keepwell.engine.adoption.days import dated, number
from keepwell.engine.surveys.comparing import Point, trend
from keepwell.engine.surveys.drivers import Driver, drivers_of
from keepwell.engine.surveys.intervals import Estimate
from keepwell.engine.surveys.scoring import Scored, response_rate, scored
from keepwell.engine.surveys.summaries import Summary, summary


@dataclass(frozen=True)
class Rate:
    """Of those whom a personal invitation of these days reached, how many answered; `rate` in percent."""

    asked: int
    answered: int
    rate: Estimate | None


@dataclass(frozen=True)
class Chosen:
    """The answers that a question is about."""

    subject: Subject
    asked: Asked
    whose: Whose
    answered: Answered
    rate: Rate

    @property
    def wrong(self) -> Mapping[str, str]:
        return {**self.asked.wrong, **self.whose.errors}

    @property
    def scale(self) -> Scale | None:
        question = self.subject.survey.question(self.asked.question) if self.asked.question else None
        return question if isinstance(question, Scale) else None


def chosen(actor: Actor, subject: Subject, asked: Asked) -> Chosen:
    """The answers of the days, accounts, language, way and version that are asked for, of those that may be seen."""
    zone = subject.project.settings.time_zone
    every = answered_of(subject.name, subject.survey, subject.editions, zone)
    about = whose(actor, asked.filters)
    ids = None if about.accounts is None else ids_of(about.accounts)
    mine = np.ones(len(every), np.bool_) if ids is None else among(every.labels["account"], ids)
    mine &= (
        _of(every.labels["language"], asked.language)
        & _of(every.labels["channel"], asked.channel)
        & _of(every.labels["version"], asked.version)
    )
    within = mine & _days(every.day, asked)
    rate = _rate(subject, asked, ids, every, mine)
    return Chosen(subject, asked, about, every.where(within), rate)


def _of(column: pa.Array, value: str) -> Truths:
    if not value:
        return np.ones(len(column), np.bool_)
    return among(column, [value])


def _days(days: np.ndarray, asked: Asked) -> Truths:
    first = number(asked.first) if asked.first else -(2**31) + 1
    return np.asarray((days >= first) & (days <= number(asked.last)))


def _rate(subject: Subject, asked: Asked, ids: list[str] | None, every: Answered, mine: Truths) -> Rate:
    """Who was asked is counted by when they were asked; a bounced letter reached nobody."""
    reached = Invitation.objects.filter(survey=subject.name, withdrawn_at=None, bounced_at=None, sent_at__isnull=False)
    reached = reached.exclude(channel="anonymous_link")
    reached = reached.filter(asked_at__lt=_midnight(asked.last + timedelta(days=1), subject))
    if asked.first:
        reached = reached.filter(asked_at__gte=_midnight(asked.first, subject))
    if ids is not None:
        reached = reached.filter(account__in=ids)
    for name in ("language", "channel", "version"):
        if value := getattr(asked, name):
            reached = reached.filter(**{name: value})
    count = reached.count()
    answered = min(int((mine & every.invited & _days(every.asked, asked)).sum()), count)
    return Rate(count, answered, response_rate(count, answered))


def _midnight(day: date, subject: Subject) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(subject.project.settings.time_zone))


@dataclass(frozen=True)
class Results:
    """`scored`: of the question that is asked about, None where the survey has none with a scale."""

    scored: Scored | None
    trend: tuple[Point, ...]
    questions: tuple[tuple[Question, Summary], ...]
    drivers: tuple[Driver, ...]
    began: tuple[tuple[date, str], ...]
    per_person: int


def results_of(found: Chosen) -> Results:
    """Everything of the page but what compares accounts."""
    answered, scale = found.answered, found.scale
    survey = found.subject.survey
    today = today_in(found.subject)
    return Results(
        scored=scored(scale, answered.columns[scale.name]) if scale else None,
        trend=trend(scale, answered.columns[scale.name], answered.day, found.asked.period, today) if scale else (),
        questions=tuple((one, summary(one, answered.columns)) for one in survey.questions),
        drivers=drivers_of(survey, scale.name, answered.columns) if scale and len(survey.questions) > 1 else (),
        began=tuple((day, version) for version, day in first_days(answered).items())[1:],
        per_person=_most_of_one(answered),
    )


def first_days(answered: Answered) -> dict[str, date]:
    """The first day of each version among these answers, the oldest first."""
    first: dict[str, int] = {}
    encoded = answered.labels["version"].dictionary_encode()
    places = encoded.indices.to_numpy(zero_copy_only=False)
    for place, version in enumerate(encoded.dictionary.to_pylist()):
        first[version] = int(answered.day[places == place].min())
    return {version: dated(day) for version, day in sorted(first.items(), key=lambda one: one[1])}


def _most_of_one(answered: Answered) -> int:
    """How many of these answers one person gave at most."""
    counts = answered.labels["person"].drop_null().value_counts()
    return max(counts.field("counts").to_pylist(), default=0) if len(counts) else 0
