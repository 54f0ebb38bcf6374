"""What people said felt wrong, who was right by the newest report, and a form to ask anew."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from keepwell.apps.configuration.views.asking import configurator
from keepwell.apps.customers.queries import visible
from keepwell.apps.experiments.feedback import telling
from keepwell.apps.experiments.feedback.asking import HORIZON_DAYS, KIND, ask_for_feedback
from keepwell.apps.experiments.feedback.evidence import newest
from keepwell.apps.experiments.forms import PastForm, as_before
from keepwell.apps.experiments.starting import like_of
from keepwell.apps.health.models import Feedback
from keepwell.apps.ui.accepting import accepted

_REMARKS = 30


def feedback(request: HttpRequest) -> HttpResponse:
    actor = configurator(request)
    like = like_of(actor, request, KIND)
    form = FeedbackForm(request.POST or None, initial=as_before(like) if like else None)
    made = accepted(form, lambda: ask_for_feedback(actor=actor, wanted=form.wanted())) if request.POST else None
    if made is not None:
        return redirect("experiment", made.pk)
    report = newest()
    context: dict[str, Any] = {
        "form": form, "report": report, "headline": telling.headline(report.result) if report else "",
        "by_measure": Feedback.objects.values("measure").annotate(times=Count("pk")).order_by("-times", "measure"),
        "remarks": Feedback.objects.filter(account__in=visible(actor)).select_related("account")
                   .order_by("-pk")[:_REMARKS],
    }  # fmt: skip
    return render(request, "experiments/feedback/feedback.html", context, status=422 if form.errors else 200)


class FeedbackForm(PastForm):
    """The same question of the past, without a lead time: what was said counts from the day on which it was said."""

    lead_days = None  # type: ignore[assignment]
    every_days = None  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"horizon_days": HORIZON_DAYS, **(initial or {})})
        self.fields["horizon_days"].label = "Lost within days"
        self.fields["horizon_days"].help_text = "After it was said; chances are learned of the same."
