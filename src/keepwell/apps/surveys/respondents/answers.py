"""The pages of those who answer: rendered without a session, in a language, and one answer to what opens nothing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from keepwell.apps.surveys.respondents.words import in_all, language_name
from keepwell.apps.ui.outside.answers import preferred, public, unlogged, wanted
from keepwell.engine.surveys.words import SPOKEN, direction

__all__ = ["gone", "languages", "page", "preferred", "public", "wanted"]


def page(template: str, language: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Rendered without the request: no session is asked for, and no cookie set."""
    known = {"language": language, "direction": direction(language), "words": in_all(language)}
    return HttpResponse(render_to_string(f"surveys/respond/{template}", {**known, **context}), status=status)


def gone(request: HttpRequest, status: int = 404) -> HttpResponse:
    """The one answer to whatever opens nothing, in the language of the browser."""
    return unlogged(page("gone.html", preferred(request, SPOKEN), {}, status))


def languages(offered: tuple[str, ...], chosen: str) -> list[tuple[str, str, bool]]:
    """The switch: code, name and whether it is the one shown."""
    return [(code, language_name(code), code == chosen) for code in offered]
