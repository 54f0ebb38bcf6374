"""The editor of rules in a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.editing.pages import Asked, Editor
from keepwell.apps.configuration.models import Draft
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.editing.form import RULE_FORM
from keepwell.apps.rules.editing.naming import known_of, names_for, summary
from keepwell.apps.rules.editing.operations import enable_rule
from keepwell.apps.rules.editing.page import RulePage, page_of
from keepwell.apps.rules.performers import action_problems
from keepwell.apps.rules.wording import sentence_of
from keepwell.definitions.actions import kind_of, parameters_of
from keepwell.definitions.rules import Rule

EXAMPLE, ASKS = "Call customers that turn red", "What it is to do"


def asked(request: HttpRequest, draft: Draft) -> HttpResponse:
    """One change of the rules of a draft, and where to go then."""
    do, name = request.POST.get("do", ""), request.POST.get("entry", "")
    if do not in ("enable", "disable"):
        return EDITOR.asked(request, draft)
    enable_rule(actor=configurator(request), draft=draft, name=name, enabled=do == "enable")
    messages.success(request, f"In the draft, {name} is {do}d. It takes effect when the draft is published.")
    return redirect("draft_rules", draft.pk)


def rule(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """The editor of one rule."""
    return EDITOR.entry(request, draft_id, rule)


def save(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    return EDITOR.save(request, draft_id, rule)


def save_yaml(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    return EDITOR.save_yaml(request, draft_id, rule)


def _page(asked: Asked) -> RulePage:
    return page_of(asked.name, asked.entry, asked.issues, known_of(asked.project, asked.name), asked.typed)


def _beside(asked: Asked) -> dict[str, Any]:
    drafted = asked.drafted.rules.get(asked.name) if asked.drafted else None
    return {
        "sentence": sentence_of(drafted) if drafted else "",
        "problems": action_problems(_actions(drafted)) if drafted else (),
        "names": names_for(asked.project),
        "summary": summary(asked.project),
        "aside": "What the rule would do",
        "goes_on": ("#matching", "Whom it matches now"),
        "other_name": "What it did under its old name no longer counts for it: it may act at once "
        "where it acted before.",
    }


EDITOR = Editor(RULE_FORM, "rules", _page, _beside)


def _actions(rule: Rule) -> list[tuple[str, Mapping[str, Any]]]:
    every = (*rule.actions, *(rule.until.actions if rule.until else ()))
    return [(kind_of(one), parameters_of(one).model_dump(mode="json")) for one in every]


def _rows(listed: Listed) -> dict[str, Any]:
    rows = [{**row, "enabled": row["entry"].get("enabled", True) is not False} for row in listed.rows]
    return {"rows": rows, "asks": ASKS}


DRAFTED = Listing(EDITOR, "rules/draft.html", "Rules", EXAMPLE, _rows, asked=asked)
