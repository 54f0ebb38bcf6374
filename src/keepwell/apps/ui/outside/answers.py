"""What every answer of these pages has: nothing is kept, told on, framed or found by search engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from keepwell.apps.access.middleware import open_to_all
from keepwell.definitions.languages import best_language

View = Callable[..., HttpResponse]
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors "
)
_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def public(view: View) -> View:
    """A page for whoever has the link. There is no CSRF cookie: who knows the token may answer, and a browser that is
    led here by another page brings nothing along that it could borrow. On an answer `framed_by` says who may frame it,
    and `runs_scripts` that those of the application draw in it."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = unlogged(view(request, *args, **named))
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        scripts = "script-src 'self'; " if getattr(response, "runs_scripts", False) else ""
        framed_by = " ".join(getattr(response, "framed_by", ())) or "'none'"
        response.headers["Content-Security-Policy"] = f"{scripts}{_POLICY}{framed_by}"
        return response

    return open_to_all(csrf_exempt(xframe_options_exempt(answered)))


def only(*methods: str) -> Callable[[View], View]:
    """Other methods are refused, as Django does it, but for the link in the log."""

    def refusing(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            return view(request, *args, **named) if request.method in methods else HttpResponseNotAllowed(methods)

        return answered

    return refusing


def unlogged(response: HttpResponse) -> HttpResponse:
    """Django would write the link into the log."""
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def preferred(request: HttpRequest, offered: tuple[str, ...]) -> str:
    """The language that the browser prefers, among those offered; else the first."""
    return best_language(wanted(request.headers.get("Accept-Language", "")), offered)


def wanted(header: str) -> list[str]:
    """The codes of an Accept-Language header, the most wanted first."""
    found = []
    for place, part in enumerate(header[:1000].split(",")):
        code, _, rest = part.strip().partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=") or 1) if rest else 1.0
        except ValueError:
            weight = 0.0
        if code and code != "*" and weight > 0:
            found.append((-weight, place, code))
    return [code for _, _, code in sorted(found)]
