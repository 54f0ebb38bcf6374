"""Surveys, and the results of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.surveys.results.asked_form import bys_of, periods_of, selects_of
from keepwell.apps.surveys.results.asking import Asked, read_asked, today_in
from keepwell.apps.surveys.results.comments import comments_of, read_wanted, texts_of
from keepwell.apps.surveys.results.counting import Chosen, chosen, results_of
from keepwell.apps.surveys.results.judged import SENTIMENTS, topics_of_comments
from keepwell.apps.surveys.results.reading import subject_of
from keepwell.apps.surveys.results.shown import page_of
from keepwell.apps.surveys.results.surveys import beside, rows_of
from keepwell.apps.surveys.results.words import groups_of_score, question_words

NEWEST = 3


@require_GET
def surveys(request: HttpRequest) -> HttpResponse:
    """Every survey with how it stands."""
    actor = actor_of(request)
    rows = list(rows_of(actor))
    may = {"may_configure": actor.may(Permission.CONFIGURE), "may_send": actor.may(Permission.SEND)}
    return render(request, "surveys/results/list.html", {"rows": rows, **may})


def asked_of(request: HttpRequest, survey: str) -> Chosen:
    """The answers that the address asks for. Raises NotVisible for a survey that there is not."""
    subject = subject_of(survey)
    return chosen(actor_of(request), subject, read_asked(request.GET, subject, today_in(subject)))


def around(request: HttpRequest, found: Chosen, tab: str) -> dict[str, Any]:
    """What every page of one survey has."""
    actor = actor_of(request)
    return {
        **beside(actor, found.subject, tab), "found": found, "asked": found.asked, "wrong": found.wrong,
        "many_texts": len(texts_of(found.subject)) > 1, "csv": joined(found.asked, "table="),
        "carried": [(name, value) for name, value in found.asked.pairs() if name in ("by", "period")],
        "selects": selects_of(actor.user, found.subject, found.asked) if actor.user else (),
        "count": len(found.answered), "address": found.asked.address(),
    }  # fmt: skip


def joined(asked: Asked, more: str) -> str:
    """The address of the same answers, to which something is added."""
    return f"{asked.address()}&{more}".replace("?&", "?")


@require_GET
def results(request: HttpRequest, survey: str) -> HttpResponse:
    """The answer first: score and response rate, then how they came about."""
    found = asked_of(request, survey)
    actor = actor_of(request)
    counted = results_of(found)
    periods = [(one, words, found.asked.address(period=one)) for one, words in periods_of()]
    shown = {
        **around(request, found, "results"), **page_of(found, counted), "results": counted,
        "bys": bys_of(actor.user) if actor.user else (), "periods": periods,
        "newest": comments_of(found, read_wanted(request.GET, found), NEWEST).rows if not found.wrong else (),
    }  # fmt: skip
    return render(request, "surveys/results/results.html", shown, status=422 if found.wrong else 200)


@require_GET
def comments(request: HttpRequest, survey: str) -> HttpResponse:
    """What people wrote, with filters of its own."""
    found = asked_of(request, survey)
    wanted = read_wanted(request.GET, found)
    subject = found.subject
    wrong = {**found.wrong, **(wanted.errors or {})}
    groups = groups_of_score(found.scale) if found.scale else {}
    shown = {
        **around(request, found, "comments"), "wanted": wanted, "comments": comments_of(found, wanted), "wrong": wrong,
        "groups": [(name, words) for name, (words, _, _) in groups.items()],
        "sentiments": SENTIMENTS, "topics": topics_of_comments(),
        "texts": [(name, question_words(subject, subject.survey.question(name))) for name in texts_of(subject)],
        "more": f"{found.asked.address(**dict(wanted.pairs()))}&page=".replace("?&", "?"),
    }  # fmt: skip
    return render(request, "surveys/results/comments.html", shown, status=422 if wrong else 200)
