"""Calls by state, to be moved by hand, by keys or by a menu."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.cockpit.around import chips_html, people_at_work
from keepwell.apps.cockpit.board import LATELY, board_of
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.filtering import Filters, read_filters
from keepwell.errors import RequestRefused


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    actor, error = actor_of(request), ""
    try:
        filters = read_filters(request.GET.dict())
    except RequestRefused as refused:
        filters, error = Filters(), str(refused)
    context = {
        "columns": board_of(actor, filters), "filters": filters, "address": filters.address(), "error": error,
        "chips": chips_html(filters, people_at_work(), of_board=True), "tab": "board",
        "may_write": actor.may(Permission.WRITE), "today": today_of(actor.user), "lately": LATELY.days,
    }  # fmt: skip
    return render(request, "cockpit/board.html", context, status=422 if error else 200)
