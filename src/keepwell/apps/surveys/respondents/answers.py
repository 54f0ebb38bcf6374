"""What every answer of these pages has: nothing is kept, told on, framed or found by search engines."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from keepwell.apps.access.middleware import open_to_all
from keepwell.apps.surveys.respondents.words import in_all, language_name
from keepwell.definitions.languages import best_language
from keepwell.engine.surveys.words import SPOKEN, direction

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
    led here by another page brings nothing along that it could borrow."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Security-Policy"] = _POLICY + (
            " ".join(getattr(response, "framed_by", ())) or "'none'"
        )
        return response

    return open_to_all(csrf_exempt(xframe_options_exempt(answered)))


def page(template: str, language: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Rendered without the request: no session is asked for, and no cookie set."""
    known = {"language": language, "direction": direction(language), "words": in_all(language)}
    return HttpResponse(render_to_string(f"surveys/respond/{template}", {**known, **context}), status=status)


def gone(request: HttpRequest, status: int = 404) -> HttpResponse:
    """The one answer to whatever opens nothing, in the language of the browser."""
    response = page("gone.html", preferred(request, SPOKEN), {}, status)
    response._has_been_logged = True  # type: ignore[attr-defined]  # Django would write the link into the log
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


def languages(offered: tuple[str, ...], chosen: str) -> list[tuple[str, str, bool]]:
    """The switch: code, name and whether it is the one shown."""
    return [(code, language_name(code), code == chosen) for code in offered]
