"""Every page is for people who signed in, unless its view says otherwise; what operations raise becomes an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from keepwell.apps.access.actors import Forbidden, NotVisible

View = TypeVar("View", bound=Callable[..., Any])
_OPEN_PREFIXES = ("/accounts/", "/static/", "/api/")  # the API asks for tokens by itself


def open_to_all(view: View) -> View:
    """Marks a view that needs nobody to have signed in."""
    view.open_to_all = True  # type: ignore[attr-defined]
    return view


class SignedIn:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        is_open = getattr(view, "open_to_all", False) or request.path.startswith(_OPEN_PREFIXES)
        if is_open or request.user.is_authenticated:
            return None
        return redirect_to_login(request.get_full_path())

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotVisible | Http404):
            return render(request, "ui/not_found.html", status=404)
        if isinstance(error, Forbidden):
            return render(request, "ui/forbidden.html", {"why": str(error)}, status=403)
        return None
