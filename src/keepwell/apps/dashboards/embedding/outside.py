"""What stands in the page of somebody else: a dashboard that stands still, with nothing to click on."""

from __future__ import annotations

from collections.abc import Hashable

from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from keepwell.apps.dashboards.addresses import asked_in
from keepwell.apps.dashboards.answering.sight import seen_by
from keepwell.apps.dashboards.embedding.finding import Opened, opened
from keepwell.apps.dashboards.embedding.keeping import kept
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.dashboards.printing.still import still_of
from keepwell.apps.dashboards.showing import layout
from keepwell.apps.health.place import lake
from keepwell.apps.health.scored import latest_run
from keepwell.apps.ui.outside.answers import only, public, unlogged
from keepwell.engine.reporting.tables import ACCOUNT_ID

SECONDS, AGAIN = 30.0, 3
"""What a page may take in all, and when to ask again while others are made."""


@public
@only("GET", "HEAD")
def embedded(request: HttpRequest, token: str) -> HttpResponse:
    """The numbers of this minute, under the rights that whoever made the link has at this moment."""
    found = opened(request, token)
    if found is None:
        return _gone()
    if request.method == "HEAD":
        return _framed(found, HttpResponse())
    page = kept(_rests_on(found), lambda: _page(found))
    if page is None:
        return _framed(found, _busy())
    Embed.objects.filter(pk=found.embed.pk).update(seen=F("seen") + 1, seen_at=timezone.now())
    return _framed(found, HttpResponse(page))


def _page(found: Opened) -> str:
    still = still_of(found.reader, found.shown, asked_in(QueryDict(found.embed.query)), seconds=SECONDS)
    context = {"still": still, "style": "layout.css", "theme": "auto"}
    return render_to_string("dashboards/printing/page.html", context)


def _rests_on(found: Opened) -> Hashable:
    """What a page is kept for: the dashboard as it is written, the newest run and the accounts that its maker sees."""
    run, seen = latest_run(), seen_by(found.reader)
    accounts = None if seen is None else frozenset(seen[ACCOUNT_ID].to_pylist())
    dashboard = found.shown.dashboard.model_dump_json()
    return str(lake().root), found.embed.pk, found.shown.digest, dashboard, run.pk if run else None, accounts


def _framed(found: Opened, answer: HttpResponse) -> HttpResponse:
    answer.framed_by, answer.runs_scripts = found.embed.origins, True  # type: ignore[attr-defined]
    return answer


def _busy() -> HttpResponse:
    text = render_to_string("dashboards/embedding/busy.html", {"seconds": AGAIN})
    return HttpResponse(text, status=503, headers={"Retry-After": str(AGAIN)})


@public
@only("GET", "HEAD")
def style(request: HttpRequest, token: str) -> HttpResponse:
    """Where its widgets stand."""
    found = opened(request, token)
    return HttpResponse(layout(found.shown), content_type="text/css; charset=utf-8") if found else _gone()


def _gone() -> HttpResponse:
    return unlogged(HttpResponse(render_to_string("dashboards/embedding/gone.html"), status=404))
