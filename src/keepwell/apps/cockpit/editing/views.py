"""The editor of playbooks: those in force, those of a draft, one of them, and the calendar that it makes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from keepwell.apps.cockpit.calendars import usual_calendar
from keepwell.apps.cockpit.editing.fields import tasks_of
from keepwell.apps.cockpit.editing.form import PLAYBOOK_FORM
from keepwell.apps.cockpit.editing.page import page_of
from keepwell.apps.cockpit.editing.preview import playbook_meant, preview_of
from keepwell.apps.configuration import queries
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.naming import names_for
from keepwell.definitions.rule_names import CALL_FIELDS, CONTACT_FIELDS, FIELDS

_TEXTS = {"contact": CONTACT_FIELDS, "call": CALL_FIELDS}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FIRST, _LAST = date(1990, 1, 1), date(2190, 1, 1)


def playbook(request: HttpRequest, draft_id: int, playbook: str) -> HttpResponse:
    return EDITOR.entry(request, draft_id, playbook)


def save(request: HttpRequest, draft_id: int, playbook: str) -> HttpResponse:
    return EDITOR.save(request, draft_id, playbook)


def save_yaml(request: HttpRequest, draft_id: int, playbook: str) -> HttpResponse:
    return EDITOR.save_yaml(request, draft_id, playbook)


def dates(request: HttpRequest, draft_id: int, playbook: str) -> HttpResponse:
    """The days on which its tasks would be due, begun today or on the day that is asked for."""
    configurator(request)
    draft, calendar = queries.draft(draft_id), usual_calendar()
    today = calendar.today(timezone.now())
    start, refusal = _start(request.GET.get("start", ""), today)
    book = playbook_meant(PLAYBOOK_FORM.entries.entry_in(draft.files, playbook))
    context = {
        "draft": draft, "name": playbook, "calendar": calendar, "start": start, "refusal": refusal, "days": _DAYS,
        "found": preview_of(book, calendar, start) if book else None,
    }  # fmt: skip
    return render(request, "cockpit/playbook/_dates.html", context, status=422 if refusal else 200)


def _start(asked: str, today: date) -> tuple[date, str]:
    if not asked:
        return today, ""
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        return today, f"'{asked[:30]}' is no day; choose one such as {today.isoformat()}"
    return (found, "") if _FIRST <= found <= _LAST else (today, f"choose a day from {_FIRST} to {_LAST}")


def _beside(asked: Asked) -> dict[str, Any]:
    named = (
        f"{{{prefix}.{name}}}" for prefix, fields in {**FIELDS, **_TEXTS}.items() for name in fields if prefix != "rule"
    )
    return {
        "names": names_for(asked.project, _TEXTS),
        "summary": ", ".join(named),
        "aside": "The calendar that it makes",
        "goes_on": ("#dates", "Its calendar"),
        "other_name": "Rules and stages that begin it begin it under its new name. Calls that have it keep "
        "their tasks.",
    }


EDITOR = Editor(PLAYBOOK_FORM, "cockpit/playbook", page_of, _beside)


def _rows(listed: Listed) -> dict[str, Any]:
    return {
        "rows": [{**row, "tasks": len(tasks_of(row["entry"])), "for": row["entry"].get("for")} for row in listed.rows]
    }


LISTING = Listing(EDITOR, "cockpit/playbook/list.html", "Playbooks", "Save plan", _rows)
