"""Responses, one of them, and all as a file."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import NotVisible, actor_of
from keepwell.apps.surveys.results.exporting import TABLES
from keepwell.apps.surveys.results.noting import note_export
from keepwell.apps.surveys.results.reading import subject_of
from keepwell.apps.surveys.results.responses import others_of, response_for, rows_of, said_in
from keepwell.apps.surveys.results.surveys import beside
from keepwell.apps.surveys.results.views.pages import around, asked_of, joined


@require_GET
def responses(request: HttpRequest, survey: str) -> HttpResponse:
    """Those that fit, the newest first."""
    found = asked_of(request, survey)
    page = request.GET.get("page", "")
    rows = rows_of(found, int(page[:7]) if page[:7].isdecimal() else 1)
    shown = {**around(request, found, "responses"), "rows": rows, "more": joined(found.asked, "page=")}
    return render(request, "surveys/results/responses.html", shown, status=422 if found.wrong else 200)


@require_GET
def response(request: HttpRequest, survey: str, key: str) -> HttpResponse:
    """One of them, with every answer."""
    actor = actor_of(request)
    subject = subject_of(survey)
    found = response_for(actor, survey, key)
    shown = {
        **beside(actor, subject, "responses"), "response": found, "said": list(said_in(subject, found)),
        "others": others_of(actor, found),
    }  # fmt: skip
    return render(request, "surveys/results/response.html", shown)


@require_GET
def export(request: HttpRequest, survey: str) -> HttpResponse | StreamingHttpResponse:
    """Answers, or the table behind a chart, as CSV."""
    found, table = asked_of(request, survey), request.GET.get("table", "answers")
    if table not in TABLES:
        raise NotVisible
    if found.wrong:
        return HttpResponse("; ".join(found.wrong.values()), status=422, content_type="text/plain; charset=utf-8")
    note_export(actor=actor_of(request), survey=survey, table=table, query=found.asked.address())
    answer = StreamingHttpResponse(TABLES[table](found), content_type="text/csv; charset=utf-8")
    name = quote(f"{survey}-{table}-{found.asked.last}.csv")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer
