"""What stands beside the editor: whom the rule matches now, what it would do, and how it would have done in a year."""

from __future__ import annotations

from time import perf_counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.configuration import queries
from keepwell.apps.configuration.projects import checked
from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.rules.trying import planned, tried
from keepwell.apps.rules.wording import title_of


def matching(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """How many accounts it matches now, some of them with why, and what it would do."""
    actor, draft = configurator(request), queries.draft(draft_id)
    project, _ = checked(draft.files)
    began = perf_counter()
    if project is None or rule not in project.rules:
        return render(request, "rules/_matching.html", {"invalid": True})
    context = {
        "draft": draft,
        "name": rule,
        "rule": project.rules[rule],
        "found": tried(actor, project, rule),
        "seconds": perf_counter() - began,
    }
    return render(request, "rules/_matching.html", context)


def plan(request: HttpRequest, draft_id: int, rule: str) -> HttpResponse:
    """What the rule as it is drafted would do now."""
    actor, draft = configurator(request), queries.draft(draft_id)
    project, _ = checked(draft.files)
    context: dict[str, object] = {"draft": draft, "name": rule, "names": [rule], "invalid": True}
    if project is not None and rule in project.rules:
        found = planned(actor, project, [rule])
        title = title_of(rule, project.rules[rule])
        context |= {"invalid": False, "found": found, "title": title, "titles": {rule: title},
                    "approval": [title] if found.plan and found.plan.approval else []}  # fmt: skip
    return render(request, "rules/_planned.html", context)
