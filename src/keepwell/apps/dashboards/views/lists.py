"""The dashboards that there are for somebody."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.dashboards.catalogue import dashboards_for
from keepwell.apps.dashboards.operations import mark_favourite


@require_GET
def dashboards(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboards/list.html", {"dashboards": dashboards_for(actor_of(request))})


@require_POST
def favourite(request: HttpRequest, key: str) -> HttpResponse:
    mark_favourite(actor=actor_of(request), key=key, is_favourite=request.POST.get("favourite") == "yes")
    back = request.POST.get("back", "")
    return HttpResponseRedirect("/dashboards/" if back == "list" else f"/dashboards/{key}/")
