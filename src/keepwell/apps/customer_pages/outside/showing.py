"""The pages as the customer reads them: rendered without a session, in one language."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from keepwell.apps.customer_pages.gathering import Gathered
from keepwell.apps.customer_pages.models import Content
from keepwell.apps.customer_pages.outside.codes import CODE_HOLDS
from keepwell.apps.customer_pages.words import WORDS, said, spoken
from keepwell.apps.customers.models import Account
from keepwell.apps.surveys.respondents.words import NAMES
from keepwell.apps.ui.outside.answers import preferred, unlogged
from keepwell.engine.surveys.words import SPOKEN, direction


def gone(request: HttpRequest, status: int = 404) -> HttpResponse:
    """The one answer to whatever opens nothing, in the language of the browser."""
    return unlogged(_page("gone.html", preferred(request, SPOKEN), {}, status))


def gate(path: str, language: str, *, asked: bool, wrong: bool = False) -> HttpResponse:
    """Before the code: it says nothing of whose page it is. `asked`: a code was asked for."""
    minutes = round(CODE_HOLDS.total_seconds() / 60)
    context = {"path": path, "asked": asked, "wrong": wrong, "sent": said("code_sent", language, minutes=minutes)}
    return _page("gate.html", language, {**context, "languages": languages(language)}, 422 if wrong else 200)


def page(
    account: Account, content: Content, gathered: Gathered, language: str, *, path: str, context: dict[str, Any]
) -> HttpResponse:
    """`path`: where its forms go; `context`: who prepared it for whom."""
    known = {
        "account": account, "content": content, "gathered": gathered, "path": path, "languages": languages(language),
    }  # fmt: skip
    return _page("page.html", language, {**known, **context})


def languages(chosen: str) -> list[tuple[str, str, bool]]:
    """The switch: code, name and whether it is the one shown."""
    return [(code, NAMES[code], code == chosen) for code in WORDS]


def language_of(request: HttpRequest, otherwise: str) -> str:
    """What they chose here, else what the link says."""
    asked = request.POST.get("lang") or request.GET.get("lang") or ""
    return asked if asked in WORDS else spoken(otherwise)


def _page(template: str, language: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    known = {"language": language, "direction": direction(language), "words": WORDS[language]}
    body = render_to_string(f"customer_pages/outside/{template}", {**known, **context})
    return HttpResponse(body, status=status)
