"""By what texts are judged, how well, and how far they are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.sentiment.in_use import in_use, training_in_use
from keepwell.apps.sentiment.models import Judgement, Sweep, TextNews, Training
from keepwell.text.own.training import LEAST_OF_EACH, LEAST_TEXTS

SHOWN = 20


@require_GET
def classifier(request: HttpRequest) -> HttpResponse:
    require(actor_of(request), Permission.CONFIGURE)
    context = {
        "using": in_use(), "used": training_in_use(), "trainings": Training.objects.all()[:SHOWN],
        "sweeps": Sweep.objects.order_by("source"), "waiting": TextNews.objects.count(),
        "judged": Judgement.objects.count(), "least": LEAST_TEXTS, "least_of_each": LEAST_OF_EACH,
    }  # fmt: skip
    return render(request, "sentiment/classifier.html", context)
