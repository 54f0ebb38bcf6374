"""Who did what, for those who administer."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import actor_of
from keepwell.apps.audit import queries
from keepwell.apps.audit.forms import AuditFilter
from keepwell.apps.audit.models import Change

PAGE = 50
_COLUMNS = ("at", "who", "origin", "action", "kind", "id", "name", "account", "before", "after")


def audit(request: HttpRequest) -> HttpResponse:
    """Newest first; a page begins after the change that the one before ended with."""
    actor = actor_of(request)
    form = AuditFilter(request.GET or None, kinds=queries.kinds(actor))
    found = queries.changes(actor, form.sought())
    rows = list(queries.after(found, request.GET.get("after", ""))[: PAGE + 1])
    shown = [(row, list(queries.differences(row))) for row in rows[:PAGE]]
    context = {"form": form, "rows": shown, "filters": _filters(request), "next": _next(rows)}
    return render(request, "audit/list.html", context, status=422 if form.errors else 200)


def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same changes as a file, all of them."""
    actor = actor_of(request)
    form = AuditFilter(request.GET or None, kinds=queries.kinds(actor))
    found = queries.changes(actor, form.sought())
    lines = csv.writer(_Echo())
    rows = (lines.writerow([_harmless(cell) for cell in row]) for row in _rows(found.iterator(chunk_size=1000)))
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)


def _rows(found: Iterator[Change]) -> Iterator[tuple[Any, ...]]:
    yield _COLUMNS
    for one in found:
        yield (
            one.at.isoformat(), one.actor, one.origin, one.action, one.object_kind, one.object_id, one.object_name,
            one.account_id, json.dumps(one.before, ensure_ascii=False), json.dumps(one.after, ensure_ascii=False),
        )  # fmt: skip


def _harmless(cell: str) -> str:
    """A spreadsheet takes no cell of ours for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _filters(request: HttpRequest) -> str:
    said = request.GET.copy()
    said.pop("after", None)
    return said.urlencode()


def _next(rows: list[Change]) -> str:
    return queries.key_of(rows[PAGE - 1]) if len(rows) > PAGE else ""


class _Echo:
    def write(self, line: str) -> str:
        return line
