"""The builder: surveys in force, those of a draft, one of them, whom it would ask, and how it looks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.entries import Document
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.naming import names_for
from keepwell.apps.surveys.building.audience import audience_of
from keepwell.apps.surveys.building.fields import languages_of, questions_of
from keepwell.apps.surveys.building.form import SURVEY_FORM
from keepwell.apps.surveys.building.naming import names_of_answers
from keepwell.apps.surveys.building.page import page_of
from keepwell.apps.surveys.building.previewing import walked
from keepwell.apps.surveys.respondents.words import language_name
from keepwell.definitions.survey_names import LETTER_FIELDS


def survey(request: HttpRequest, draft_id: int, survey: str) -> HttpResponse:
    return EDITOR.entry(request, draft_id, survey)


def save(request: HttpRequest, draft_id: int, survey: str) -> HttpResponse:
    return EDITOR.save(request, draft_id, survey)


def save_yaml(request: HttpRequest, draft_id: int, survey: str) -> HttpResponse:
    return EDITOR.save_yaml(request, draft_id, survey)


def audience(request: HttpRequest, draft_id: int, survey: str) -> HttpResponse:
    """Whom it would ask now, and where it can be looked at."""
    actor, draft = configurator(request), queries.draft(draft_id)
    project = checked(draft.files)[0]
    drafted = project.surveys.get(survey) if project else None
    context = {
        "draft": draft, "name": survey, "drafted": drafted,
        "found": audience_of(actor, project, survey, timezone.now()) if project and drafted else None,
        "languages": [(one, language_name(one)) for one in drafted.languages] if drafted else (),
        "by_name": bool(drafted and set(drafted.distribution) != {"anonymous_link"}),
    }  # fmt: skip
    return render(request, "surveys/building/_audience.html", context)


@csrf_exempt  # nothing is stored: the answers stand in the address
def preview(request: HttpRequest, draft_id: int, survey: str, state: str = "") -> HttpResponse:
    """One page of a drafted survey, as respondents see it."""
    configurator(request)
    draft = queries.draft(draft_id)
    project, issues = checked(draft.files)
    drafted = project.surveys.get(survey) if project else None
    if drafted is None:
        context = {"draft": draft, "name": survey, "issues": issues}
        return render(request, "surveys/building/not_yet.html", context, status=422)
    return walked(request, drafted, reverse("preview_survey", args=[draft_id, survey]), state)


def _beside(asked: Asked) -> dict[str, Any]:
    answers = names_of_answers(asked.entry)
    fields = [f"{{{prefix}.{name}}}" for prefix, known in LETTER_FIELDS.items() for name in known]
    return {
        "names": [*answers, *names_for(asked.project, LETTER_FIELDS)],
        "summary": ", ".join(one["name"] for one in answers),
        "letter_fields": ", ".join(["{link}", *fields]),
        "aside": "Whom it would ask, and how it looks",
        "goes_on": ("#audience", "Preview and audience"),
        "other_name": "Answers that there are stay with the old name, and so do rules and metrics that name it.",
    }


EDITOR = Editor(SURVEY_FORM, "surveys/building", page_of, _beside)


def _rows(listed: Listed) -> dict[str, Any]:
    return {"rows": [{**row, **_said(row["entry"])} for row in listed.rows]}


def _said(entry: Document) -> dict[str, Any]:
    return {
        "questions": len(questions_of(entry)),
        "languages": languages_of(entry),
        "enabled": entry.get("enabled", True) is not False,
    }


LISTING = Listing(EDITOR, "surveys/building/list.html", "Surveys", "Relationship NPS", _rows)
