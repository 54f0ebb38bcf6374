"""Answering: the pages of a personal link, of an anonymous one, and of who wants no more letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.models import Invitation
from keepwell.apps.surveys.refusing import unsubscribe as stop_asking
from keepwell.apps.surveys.respondents import limits
from keepwell.apps.surveys.respondents.anonymous import begun_by, is_open, once
from keepwell.apps.surveys.respondents.answers import gone, languages, page, preferred, public
from keepwell.apps.surveys.respondents.finding import invitation_of, link_of, opened
from keepwell.apps.surveys.respondents.framing import framed_by
from keepwell.apps.surveys.respondents.pages import Place, Sent, place_at, read_page
from keepwell.apps.surveys.respondents.saving import keep, response_of
from keepwell.apps.surveys.respondents.showing import Shown
from keepwell.apps.surveys.respondents.words import said
from keepwell.apps.surveys.tokens import token_of
from keepwell.definitions.languages import in_language
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.flow import Step
from keepwell.engine.surveys.words import SPOKEN
from keepwell.engine.surveys.words import said as said_of_form


@public
@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, token: str) -> HttpResponse:
    """One page of a survey. Looking changes nothing: only what is sent back is kept."""
    if limits.is_guessing(request):
        return gone(request, 429)
    invitation = opened(token)
    if invitation is None:
        limits.note_miss(request)
        return gone(request)
    response = _answered(request, token, invitation)
    response.framed_by = framed_by(invitation)  # type: ignore[attr-defined]
    return response


def _answered(request: HttpRequest, token: str, invitation: Invitation) -> HttpResponse:
    survey = definition(invitation.survey, invitation.version)
    begun = response_of(invitation)
    known: Mapping[str, Any] = begun.answers if begun else {}
    spoken = begun.language if begun else invitation.language
    language = _language(request, survey, spoken)
    form = request.POST if request.method == "POST" else request.GET
    place = place_at(survey, known, form.get("at"))
    if request.method != "POST":
        return _shown(request, survey, place, language, {**_preselected(request, place), **known}, invitation.key.hex)
    sent = read_page(place, request.POST, language)
    if sent.problems:
        return _shown(request, survey, place, language, sent.typed, invitation.key.hex, sent)
    step = keep(token, place.first, sent.answers, language)
    if step is None:
        return gone(request)
    if step.finished:
        return _thanks(survey, language)
    return _on(request.path, step, language)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def anonymous(request: HttpRequest, token: str) -> HttpResponse:
    """The first page of an anonymous link. What is sent back begins a response with a link of its own."""
    if limits.is_guessing(request):
        return gone(request, 429)
    link = link_of(token)
    survey = is_open(link)
    if link is None or survey is None:
        limits.note_miss(request)
        return gone(request)
    language = _language(request, survey, "")
    place = place_at(survey, {}, None)
    if request.method != "POST":
        return _shown(request, survey, place, language, _preselected(request, place), token, once=once())
    sent = read_page(place, request.POST, language)
    if sent.problems:
        given = request.POST.get("once", "")
        return _shown(request, survey, place, language, sent.typed, token, sent, once=given or once())
    with transaction.atomic():
        invitation = begun_by(link, request.POST.get("once", ""), language)
        step = keep(token_of(invitation.key), place.first, sent.answers, language) if invitation else None
    if invitation is None or step is None:
        return gone(request)
    if step.finished:
        return _thanks(survey, language)
    return _on(f"/s/{token_of(invitation.key)}", step, language)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """For people, and for mail programs that offer it with one click (RFC 8058). Every token is answered alike."""
    if limits.is_guessing(request):
        return gone(request, 429)
    language = preferred(request, SPOKEN)
    found = invitation_of(token)
    if found is None:
        limits.note_miss(request)
    if request.method != "POST":
        return page("stop.html", language, {"done": False})
    if found is not None:
        stop_asking(found)
    return page("stop.html", language, {"done": True})


def _language(request: HttpRequest, survey: Survey, known: str) -> str:
    """What they chose here, what they answered in or are known to speak, what their browser prefers."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    if asked in survey.languages:
        return asked
    return known if known in survey.languages else preferred(request, survey.languages)


def _preselected(request: HttpRequest, place: Place) -> dict[str, Any]:
    """The number that was clicked in the letter: shown as chosen, and kept once the page is sent."""
    score = request.GET.get("score", "")
    return {place.first: score} if place.before is None and score.lstrip("-").isdecimal() else {}


def _shown(
    request: HttpRequest,
    survey: Survey,
    place: Place,
    language: str,
    values: Mapping[str, Any],
    key: str,
    sent: Sent | None = None,
    once: str = "",
) -> HttpResponse:
    problems = sent.problems if sent else {}
    default = survey.default_language
    questions = [
        Shown(one, language, default, key).fill(values.get(one.name), problems.get(one.name, ""))
        for one in place.step.questions
    ]
    is_last = place.step.questions[-1] is survey.questions[-1]
    context = {
        "heading": in_language(survey.heading, language, default) if survey.heading else "",
        "intro": in_language(survey.intro, language, default) if survey.intro and place.before is None else "",
        "questions": questions,
        "at": place.first,
        "before": place.before,
        "path": request.path,
        "percent": round(place.step.progress * 100),
        "progress": said("progress", language, percent=round(place.step.progress * 100)),
        "languages": languages(survey.languages, language) if len(survey.languages) > 1 else [],
        "next": said_of_form("send" if is_last else "next", language),
        "back": said_of_form("back", language),
        "has_problems": bool(problems),
        "once": once,
    }
    return page("page.html", language, context, 422 if problems else 200)


def _on(path: str, step: Step, language: str) -> HttpResponse:
    """To the next page, which going back and loading again leave as it is."""
    at = urlencode({"at": step.questions[0].name, "lang": language})
    return HttpResponse(status=303, headers={"Location": f"{path}?{at}"})


def _thanks(survey: Survey, language: str) -> HttpResponse:
    default = survey.default_language
    heading = in_language(survey.heading, language, default) if survey.heading else ""
    thanks = in_language(survey.thanks, language, default) if survey.thanks else said("thanks", language)
    return page("thanks.html", language, {"heading": heading, "thanks": thanks})
