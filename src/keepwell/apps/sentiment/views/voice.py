"""What customers write: how it feels over time, what it is about, and the newest of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import actor_of
from keepwell.apps.access.roles import Permission
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.sentiment.drawing import option_of
from keepwell.apps.sentiment.operations import add_measures, is_counted, say
from keepwell.apps.sentiment.queries import about_topics, by_source, judgements, over_time, tally, texts_of
from keepwell.apps.sentiment.sources import sources
from keepwell.apps.sentiment.standing import phrases_of
from keepwell.apps.sentiment.views.asked import FilterForm, titles
from keepwell.errors import FieldRefused, InputError

SHOWN = 20


@require_GET
def voice(request: HttpRequest) -> HttpResponse:
    """Of the accounts one sees, narrowed by filters."""
    actor, form = actor_of(request), FilterForm(request.GET)
    asked = form.asked
    found = judgements(actor, asked)
    periods, project = over_time(found, asked.days), current_project()
    some = list(found[:SHOWN])
    context: dict[str, Any] = {
        "form": form, "query": request.GET.urlencode(), "tally": tally(found), "periods": periods[::-1],
        "option": option_of(periods), "sources": [(titles().get(name, name), one) for name, one in by_source(found)],
        "topics": about_topics(found), "topic_titles": _topic_titles(), "has_topics": bool(project and project.topics),
        "texts": texts_with_links(some), "narrowed": bool(asked.word or asked.topic or asked.source),
        "may_write": actor.may(Permission.WRITE), "may_configure": actor.may(Permission.CONFIGURE),
        "is_counted": is_counted(),
    }  # fmt: skip
    return render(request, "sentiment/voice.html", context, status=200 if form.is_valid() else 422)


@require_GET
def phrases(request: HttpRequest) -> HttpResponse:
    """What stands out among the negative and among the positive ones; loaded after the page, or a page by itself."""
    told = phrases_of(actor_of(request), FilterForm(request.GET).asked)
    context = {"told": told, "any": any(told.values()), "query": request.GET.urlencode()}
    part = "_phrases" if request.headers.get("HX-Request") else "phrases"
    return render(request, f"sentiment/{part}.html", context)


@require_POST
def correct(request: HttpRequest, judgement_id: int) -> HttpResponse:
    """A person says what a text is."""
    try:
        say(actor=actor_of(request), judgement_id=judgement_id, word=request.POST.get("word", ""))
        messages.success(request, "Noted: it counts from now on, and the next classifier learns from it.")
    except FieldRefused as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect(_back(request))


@require_POST
def measures(request: HttpRequest) -> HttpResponse:
    """Puts datasets and metrics into the definitions."""
    try:
        add_measures(actor=actor_of(request))
        messages.success(request, "Published. Sentiment can stand on a scorecard now; the next run has it.")
    except InputError as refused:
        messages.error(request, f"Nothing was changed: {refused}")
    return redirect("voice")


def texts_with_links(found: list[Any]) -> list[dict[str, Any]]:
    """Judgements with their words, as far as those can be read here."""
    read, known, named = texts_of(found), sources(), titles()
    return [
        {"one": one, "text": read.get(one.pk), "where": named.get(one.source, one.source),
         "link": known[one.source].link(one.text_id) if one.source in known else ""}
        for one in found
    ]  # fmt: skip


def _topic_titles() -> dict[str, str]:
    project = current_project()
    return {name: one.title or name.replace("_", " ") for name, one in project.topics.items()} if project else {}


def _back(request: HttpRequest) -> str:
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, None) else reverse("voice")
