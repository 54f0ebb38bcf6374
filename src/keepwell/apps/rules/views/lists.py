"""Pages of rules in force: the list, one rule, and what they would do now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.editing.listing import Listed, Listing
from keepwell.apps.configuration.queries import current_project, current_version, drafts
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules import queries
from keepwell.apps.rules.editing.form import ENTRIES, RULE_FORM
from keepwell.apps.rules.models import Stopped
from keepwell.apps.rules.trying import planned
from keepwell.apps.rules.views.editor import ASKS, EDITOR, EXAMPLE, asked
from keepwell.apps.rules.wording import sentence_of, title_of
from keepwell.engine.rules.planning import effects_said

PAGE = 20


def _rows(listed: Listed) -> dict[str, Any]:
    """The rules in force, and above them what waits for approval."""
    waits = list(queries.waiting()[:20])
    project = current_project()
    words = queries.effects_in_words(waits)
    return {
        "rows": queries.rules_listed(),
        "waiting": [(one, _title(project, one.rule), words[one.pk]) for one in waits],
        "drafts": [one for one in drafts() if ENTRIES.names_in(one.files) or one.name.startswith(RULE_FORM.draft)],
        "may_decide": listed.actor.may(Permission.BULK),
        "asks": ASKS,
    }


IN_FORCE = Listing(EDITOR, "rules/list.html", "Rules", EXAMPLE, _rows, asked=asked)


def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule in force: what it says, what it did, where it is open."""
    actor = configurator(request)
    _, found = queries.rule_in_force(rule)
    version = current_version()
    assert version is not None
    before = request.GET.get("before", "")
    history = queries.runs(rule=rule)
    some = list((history.filter(pk__lt=int(before[:18])) if before.isdecimal() else history)[: PAGE + 1])
    words = queries.effects_in_words(some[:PAGE])
    open_ones = queries.open_for(actor, rule)
    context = {
        "name": rule,
        "rule": found,
        "title": title_of(rule, found),
        "sentence": sentence_of(found),
        "lines": ENTRIES.text_of(version.files, rule),
        "runs": [(one, words[one.pk]) for one in some[:PAGE]],
        "next": some[PAGE - 1].pk if len(some) > PAGE else None,
        "open": open_ones[:50],
        "open_count": queries.count_open(actor, rule),
        "treated": queries.treated_by(rule),
        "stopped": Stopped.objects.filter(rule=rule).first(),
    }
    return render(request, "rules/rule.html", context)


def plan(request: HttpRequest, rule: str = "") -> HttpResponse:
    """What one rule, or all that are enabled, would do now. Nothing is done."""
    actor = configurator(request)
    project = current_project()
    if rule:
        project, _ = queries.rule_in_force(rule)
    in_order = project.rules_in_order() if project else {}
    enabled = [name for name, one in in_order.items() if one.enabled]
    names = [rule] if rule else [name for name in enabled if not in_order[name].only_on_occasions]
    at_a_moment = [name for name in names if in_order[name].only_on_occasions] if rule else enabled
    context: dict[str, object] = {
        "name": rule,
        "names": names,
        "at_a_moment": [title_of(name, in_order[name]) for name in at_a_moment if in_order[name].only_on_occasions],
    }
    if project is not None and names:
        found = planned(actor, project, names)
        context |= {
            "title": title_of(rule, project.rules.get(rule)),
            "found": found,
            "by_rule": [(name, title_of(name, project.rules[name]), found.counts.get(name), effects_said(kinds))
                        for name, kinds in (found.plan.by_rule.items() if found.plan else ())],
            "approval": [title_of(name, project.rules[name]) for name in found.plan.approval] if found.plan else [],
            "titles": {name: title_of(name, project.rules[name]) for name in names},
        }  # fmt: skip
    template = "rules/_plan.html" if request.headers.get("HX-Request") else "rules/plan.html"
    return render(request, template, context)


def _title(project: object, name: str) -> str:
    rules_of = getattr(project, "rules", {})
    return title_of(name, rules_of.get(name))
