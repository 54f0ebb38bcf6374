"""The report builder: a form beside what it draws, the YAML and the SQL of it, and where it is saved."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from keepwell.apps.access.actors import Actor, NotVisible, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.editing.form import Typed
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.dashboards.boards.desks import Desk, desk_for
from keepwell.apps.dashboards.building.fields import widgets_of
from keepwell.apps.dashboards.reports.page import page_of
from keepwell.apps.dashboards.reports.report import Report, begun, from_lines, from_typed, typed_of
from keepwell.apps.dashboards.reports.targets import Saved, save_new, save_over
from keepwell.definitions.project import Project
from keepwell.errors import FieldRefused, InputError, RequestRefused

_UNSENT = ("csrfmiddlewaretoken", "do", "lines")
_OF_PAGE = ("to", "new_title", "revision", "was", "had")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new report. What it is made of stands in the address, so that it can be sent to somebody."""
    return _built(request, None, "")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: str, widget: str) -> HttpResponse:
    """A widget of a dashboard that one may change."""
    held = desk_for(actor_of(request), desk)
    if widget not in widgets_of(held.entry):
        raise NotVisible
    return _built(request, held, widget)


def _built(request: HttpRequest, desk: Desk | None, widget: str) -> HttpResponse:
    actor = actor_of(request)
    require(actor, Permission.VIEW)
    project = current_project()
    if project is None:
        return render(request, "dashboards/reports/nothing.html")
    given = request.POST if request.method == "POST" else request.GET
    typed = {key: str(value) for key, value in given.items() if key not in _UNSENT}
    do, more = request.POST.get("do", ""), dict[str, Any]()
    report = Report({})
    try:
        report = _report(request, typed, project, desk, widget)
        if do == "save":
            saved = _saved(actor, report, desk, widget, typed)
            if not saved.theirs:
                return _gone_to(request, saved)
            more = {"theirs": saved.theirs, "status": 409}
    except FieldRefused as refused:
        more = {"refused": {refused.field: str(refused)}, "status": 422}
    except InputError as refused:
        more = {"refusal": "; ".join(str(one) for one in refused.problems), "status": 422}
        report = report if report.widget else begun(project)
    return _shown(request, actor, project, report, desk, widget, typed, more)


def _report(request: HttpRequest, typed: Typed, project: Project, desk: Desk | None, widget: str) -> Report:
    held = widgets_of(desk.entry).get(widget) if desk else None
    if request.POST.get("do") == "yaml":
        return from_lines(request.POST.get("lines", "").replace("\r\n", "\n"))
    if "was" in typed or "by/of" in typed or (held is None and _says_more(typed)):
        return from_typed(typed, project, held if isinstance(held, dict) else None)
    if isinstance(held, dict):
        return Report(held)
    return begun(project, typed.get("chart", "bar"), typed.get("dataset") or "accounts")


def _says_more(typed: Typed) -> bool:
    """Whether an address says what a report is made of, and not only where it begins."""
    return bool(typed.keys() - {"to", "chart", "dataset", "new_title"}) and "chart" in typed


def _saved(actor: Actor, report: Report, desk: Desk | None, widget: str, typed: Typed) -> Saved:
    if desk is None:
        return save_new(actor=actor, report=report, to=typed.get("to", ""), title=typed.get("new_title", ""))
    revision = typed.get("revision", "")
    if not revision.isdecimal() or len(revision) > 9:
        raise RequestRefused("load the page again: the revision of the dashboard is not known")
    return save_over(actor=actor, report=report, desk=desk, widget=widget, revision=int(revision))


def _gone_to(request: HttpRequest, saved: Saved) -> HttpResponse:
    where = f"{reverse('arrange', args=[saved.desk.key])}#w-{saved.widget}"
    if not request.headers.get("HX-Request"):
        return redirect(where)
    response = HttpResponse()
    response["HX-Redirect"] = where
    return response


def _shown(
    request: HttpRequest, actor: Actor, project: Project, report: Report, desk: Desk | None, widget: str, typed: Typed,
    more: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    here = reverse("edit_report", args=[desk.key, widget]) if desk else reverse("new_report")
    context = page_of(actor, project, report, desk, typed) | more | {"here": here, "desk": desk, "name": widget}
    is_part = bool(request.headers.get("HX-Request"))
    template = "dashboards/reports/_builder.html" if is_part else "dashboards/reports/builder.html"
    response = render(request, template, context, status=more.get("status", 200))
    if is_part and request.method == "POST":
        known = {key: typed[key] for key in ("to",) if typed.get(key)}
        response["HX-Replace-Url"] = f"{here}?{urlencode({**known, **typed_of(report.widget)})}"
    return response
