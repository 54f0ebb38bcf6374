"""The list of surveys: those that are defined, and those that are not any more and were answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.surveys.models import Edition
from keepwell.apps.surveys.results.asking import read_asked, today_in
from keepwell.apps.surveys.results.counting import Rate, chosen, results_of
from keepwell.apps.surveys.results.drawing import spark
from keepwell.apps.surveys.results.reading import Subject, subject_of
from keepwell.apps.surveys.results.words import score_name, unit_of
from keepwell.definitions.surveys import Survey
from keepwell.engine.adoption.days import dated
from keepwell.engine.surveys.intervals import Estimate


@dataclass(frozen=True)
class Row:
    """A survey over the last year, as whoever looks may see it. `spark`: HTML."""

    name: str
    title: str
    status: str
    score: Estimate | None
    score_name: str
    unit: str
    spark: str
    rate: Rate
    answers: int
    last: date | None
    is_defined: bool


def names_of_surveys() -> list[str]:
    project = current_project()
    defined = project.surveys if project else {}
    gone = Edition.objects.exclude(survey__in=defined).order_by("survey").values_list("survey", flat=True).distinct()
    return [*sorted(defined), *gone]


def rows_of(actor: Actor) -> Iterator[Row]:
    for name in names_of_surveys():
        subject = subject_of(name)
        found = chosen(actor, subject, read_asked(QueryDict(), subject, today_in(subject)))
        results, scale = results_of(found), found.scale
        yield Row(
            name, subject.title, status_of(subject), results.scored.score if results.scored else None,
            score_name(scale) if scale else "", unit_of(scale) if scale else "",
            spark(scale, results.trend) if scale else "", found.rate, len(found.answered),
            dated(int(found.answered.day.max())) if len(found.answered) else None, subject.in_force is not None,
        )  # fmt: skip


def status_of(subject: Subject) -> str:
    """What becomes of the survey now, in words."""
    survey = subject.in_force
    if survey is None:
        return "no longer defined"
    return "not enabled" if not survey.enabled else _open(survey, today_in(subject))


def _open(survey: Survey, today: date) -> str:
    last = survey.closes.on if survey.closes else None
    if last is not None:
        return f"closed on {last:%d %b %Y}" if last < today else f"open until {last:%d %b %Y}"
    return "open"


def beside(actor: Actor, subject: Subject, tab: str) -> dict[str, Any]:
    """What every page of one survey has around it."""
    return {
        "subject": subject, "tab": tab, "status": status_of(subject), "address": "",
        "may_configure": actor.may(Permission.CONFIGURE), "may_bulk": actor.may(Permission.BULK),
        "may_send": actor.may(Permission.SEND), "may_write": actor.may(Permission.WRITE),
    }  # fmt: skip
