"""A drafted survey as respondents would go through it: the same pages, with the answers in the address alone."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from keepwell.apps.surveys.respondents.answers import languages, page
from keepwell.apps.surveys.respondents.pages import Place, Sent, place_at, read_page
from keepwell.apps.surveys.respondents.showing import Shown
from keepwell.apps.surveys.respondents.words import said
from keepwell.definitions.languages import in_language
from keepwell.definitions.surveys import Survey
from keepwell.engine.surveys.answering import read_answer
from keepwell.engine.surveys.flow import next_step
from keepwell.engine.surveys.words import said as said_of_form

_LONGEST, _LONGEST_TEXT = 6000, 200
KEY = "preview"
"""Stands for the respondent, so that choices in random order stay where they are."""


def walked(request: HttpRequest, survey: Survey, here: str, state: str) -> HttpResponse:
    """One page; `here`: the address to which the state is added. Nothing is stored."""
    known = _understood(survey, read_state(state))
    language = _language(request, survey)
    form = request.POST if request.method == "POST" else request.GET
    if next_step(survey, known).finished and not form.get("at"):
        return _thanks(survey, language)
    place = place_at(survey, known, form.get("at"))
    if request.method != "POST":
        return _shown(survey, place, language, known, f"{here}{state or '-'}/")
    sent = read_page(place, request.POST, language)
    if sent.problems:
        return _shown(survey, place, language, sent.typed, f"{here}{state or '-'}/", sent)
    step = next_step(survey, {**known, **sent.answers})
    at = "" if step.finished else f"&at={step.questions[0].name}"
    location = f"{here}{written_state(step.answers)}/?lang={language}{at}"
    return HttpResponse(status=303, headers={"Location": location})


def written_state(answers: Mapping[str, Any]) -> str:
    """Answers as a part of an address; long texts are cut, for they change nothing of the way."""
    plain = {name: one[:_LONGEST_TEXT] if isinstance(one, str) else one for name, one in answers.items()}
    packed = zlib.compress(json.dumps(plain).encode(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=") or "-"


def read_state(state: str) -> dict[str, Any]:
    """The answers; none where nothing was answered yet, or somebody wrote the address by hand."""
    if not state or state == "-" or len(state) > _LONGEST:
        return {}
    try:
        packed = base64.urlsafe_b64decode(state + "=" * (-len(state) % 4))
        found = json.loads(zlib.decompressobj().decompress(packed, 100_000))
    except (ValueError, binascii.Error, zlib.error):
        return {}
    return found if isinstance(found, dict) else {}


def _understood(survey: Survey, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those that the survey still takes: it may have changed since the address was made."""
    asked = {one.name: one for one in survey.questions if one.name in answers}
    read = {name: read_answer(one, answers[name], survey.default_language) for name, one in asked.items()}
    return {name: one.answer for name, one in read.items() if one.answer is not None or answers[name] is None}


def _language(request: HttpRequest, survey: Survey) -> str:
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    return asked if asked in survey.languages else survey.default_language


def _shown(
    survey: Survey, place: Place, language: str, values: Mapping[str, Any], path: str, sent: Sent | None = None
) -> HttpResponse:
    problems, default = sent.problems if sent else {}, survey.default_language
    percent = round(place.step.progress * 100)
    context = {
        "heading": in_language(survey.heading, language, default) if survey.heading else "",
        "intro": in_language(survey.intro, language, default) if survey.intro and place.before is None else "",
        "questions": [
            Shown(one, language, default, KEY).fill(values.get(one.name), problems.get(one.name, ""))
            for one in place.step.questions
        ],
        "at": place.first, "before": place.before, "path": path, "percent": percent,
        "progress": said("progress", language, percent=percent),
        "languages": languages(survey.languages, language) if len(survey.languages) > 1 else [],
        "next": said_of_form("send" if place.step.questions[-1] is survey.questions[-1] else "next", language),
        "back": said_of_form("back", language), "has_problems": bool(problems), "once": "",
    }  # fmt: skip
    return page("page.html", language, context, 422 if problems else 200)


def _thanks(survey: Survey, language: str) -> HttpResponse:
    default = survey.default_language
    heading = in_language(survey.heading, language, default) if survey.heading else ""
    thanks = in_language(survey.thanks, language, default) if survey.thanks else said("thanks", language)
    return page("thanks.html", language, {"heading": heading, "thanks": thanks})
