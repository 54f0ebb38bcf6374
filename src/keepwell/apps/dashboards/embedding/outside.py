"""What stands in the page of somebody else: a dashboard that stands still, with nothing to click on."""

from __future__ import annotations

from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from keepwell.apps.dashboards.addresses import asked_in
from keepwell.apps.dashboards.embedding.finding import opened
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.dashboards.printing.still import still_of
from keepwell.apps.dashboards.showing import layout
from keepwell.apps.ui.outside.answers import only, public, unlogged


@public
@only("GET", "HEAD")
def embedded(request: HttpRequest, token: str) -> HttpResponse:
    """The numbers of this moment, under the rights that whoever made the link has at this moment."""
    found = opened(request, token)
    if found is None:
        return _gone()
    still = still_of(found.reader, found.shown, asked_in(QueryDict(found.embed.query)))
    Embed.objects.filter(pk=found.embed.pk).update(seen=F("seen") + 1, seen_at=timezone.now())
    context = {"still": still, "style": "layout.css", "theme": "auto"}
    answer = HttpResponse(render_to_string("dashboards/printing/page.html", context))
    answer.framed_by, answer.runs_scripts = found.embed.origins, True  # type: ignore[attr-defined]
    return answer


@public
@only("GET", "HEAD")
def style(request: HttpRequest, token: str) -> HttpResponse:
    """Where its widgets stand."""
    found = opened(request, token)
    return HttpResponse(layout(found.shown), content_type="text/css; charset=utf-8") if found else _gone()


def _gone() -> HttpResponse:
    return unlogged(HttpResponse(render_to_string("dashboards/embedding/gone.html"), status=404))
