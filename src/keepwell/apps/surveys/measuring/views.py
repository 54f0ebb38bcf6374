"""Use in a scorecard: the value of accounts, its definitions, and a draft with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from keepwell.apps.access.actors import Person, actor_of, require
from keepwell.apps.access.roles import Permission, Reach
from keepwell.apps.configuration.operations import change_draft, start_draft
from keepwell.apps.configuration.queries import drafts
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.measuring.metrics import Measured, measured, with_metrics
from keepwell.apps.surveys.measuring.values import named, values_of
from keepwell.apps.surveys.results.accounts import ids_of
from keepwell.apps.surveys.results.asking import today_in
from keepwell.apps.surveys.results.reading import Subject, subject_of
from keepwell.apps.surveys.results.surveys import beside
from keepwell.errors import InputError, RequestRefused

SHOWN = 25
DRAFT = "Surveys in scorecards"


@require_http_methods(["GET", "HEAD", "POST"])
def measure(request: HttpRequest, survey: str) -> HttpResponse:
    """POST: the metrics go into a draft."""
    actor, subject = actor_of(request), subject_of(survey)
    found = measured(subject.project, survey, subject.in_force) if subject.in_force else None
    if request.method != "POST":
        return _shown(request, actor, subject, found)
    require(actor, Permission.CONFIGURE)
    try:
        if found is None:
            raise RequestRefused("the survey has no question with a scale, so that accounts have no value")
        name = f"{DRAFT} · {actor.name}"[:100]
        draft = drafts().filter(name=name).first() or start_draft(actor=actor, name=name)
        change_draft(actor=actor, draft=draft, change=lambda files: with_metrics(files, found))
    except InputError as refused:
        return _shown(request, actor, subject, found, str(refused))
    messages.success(
        request, f"The draft has the metrics {' and '.join(found.metrics)}. Put them into a scorecard next."
    )
    return redirect("draft", draft.pk)


def _shown(
    request: HttpRequest, actor: Person, subject: Subject, found: Measured | None, refusal: str = ""
) -> HttpResponse:
    seen = None if actor.user.reach == Reach.ALL else ids_of(visible(actor))
    values = values_of(subject, today_in(subject), seen) if found else ()
    names = named(some := sorted(values, key=lambda one: (one.value, one.account))[:SHOWN])
    context = {
        **beside(actor, subject, "measure"), "found": found,
        "rows": [(names.get(one.account, one.account), one) for one in some], "count": len(values),
        "there": bool(found) and all(name in subject.project.metrics for name in found.metrics) if found else False,
        "refusal": refusal,
    }  # fmt: skip
    return render(request, "surveys/measuring/measure.html", context, status=422 if refusal else 200)
