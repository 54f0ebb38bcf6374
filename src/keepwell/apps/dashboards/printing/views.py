"""A whole dashboard as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.dashboards.addresses import asked_in
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.narrowing import query_of
from keepwell.apps.dashboards.printing.browser import NoBrowser, is_busy
from keepwell.apps.dashboards.printing.printing import pdf_of, png_of
from keepwell.apps.dashboards.printing.still import Still, still_of
from keepwell.errors import FieldRefused

_NO_PICTURE = (
    "A picture of a whole dashboard takes a browser on the server, such as Chromium, and there is none that answers. "
    "Each chart can be saved as a picture from its menu, and the dashboard as a PDF."
)

_BUSY = "Another dashboard is being printed at this moment. Ask again in a minute."


@require_GET
def pdf(request: HttpRequest, key: str) -> HttpResponse:
    """As it is narrowed by the address."""
    found = _still(request, key)
    return found if isinstance(found, HttpResponse) else _file(pdf_of(found), "application/pdf", f"{key}.pdf")


@require_GET
def png(request: HttpRequest, key: str) -> HttpResponse:
    found = _still(request, key)
    if isinstance(found, HttpResponse):
        return found
    try:
        return _file(png_of(found), "image/png", f"{key}.png")
    except NoBrowser:
        return _plain(_NO_PICTURE, 503)


def _still(request: HttpRequest, key: str) -> Still | HttpResponse:
    actor = actor_of(request)
    shown = dashboard_for(actor, key)
    try:
        asked = asked_in(QueryDict(query_of(shown, request.GET.urlencode())))
    except FieldRefused as refused:
        return _plain(str(refused), 422)
    if is_busy():
        return _plain(_BUSY, 503)
    return still_of(actor, shown, asked)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
