"""When the database is gone a page says so, and comes back by itself."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error


class DatabaseGone:
    """For views; what goes wrong before one is reached, such as reading a session, ends in `fault`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return database_gone() if isinstance(error, OperationalError | InterfaceError) else None


def database_gone() -> HttpResponse:
    """Needs nothing of the database; the page asks for itself again."""
    response = HttpResponse(render_to_string("ui/database_gone.html"), status=503)
    response["Retry-After"], response["Cache-Control"] = "5", "no-store"
    return response


def fault(request: HttpRequest) -> HttpResponse:
    """The page for what nobody foresaw; called while the exception is handled."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return database_gone()
    return server_error(request, "ui/fault.html")
