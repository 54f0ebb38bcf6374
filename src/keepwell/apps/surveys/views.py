"""Pages of sending: whom a survey would ask, what was sent, and links that anybody may answer by."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from keepwell.apps.access.actors import Person, actor_of, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.views.asking import say
from keepwell.apps.surveys import operations, queries
from keepwell.apps.surveys.editions import in_force
from keepwell.apps.surveys.models import Invitation
from keepwell.apps.surveys.respondents.in_product import secret_of
from keepwell.apps.surveys.whom.deciding import BY_PERSON, plan
from keepwell.apps.usage.models import WriteKey
from keepwell.definitions.surveys import Survey
from keepwell.errors import InputError


def send(request: HttpRequest, survey: str) -> HttpResponse:
    """What was sent and what would be. POST: it is sent."""
    actor = _sender(request)
    found, _ = in_force(survey)
    if request.method == "POST":
        return _changed(request, survey, _sent)
    context = {
        "name": survey,
        "survey": found,
        "title": found.title or survey,
        "sends": queries.sends_of(actor, survey),
        "links": queries.links_of(actor, survey),
        "by_person": bool(BY_PERSON & set(found.distribution)),
        "by_link": "anonymous_link" in found.distribution,
        "host": settings.ENVIRONMENT.public_url,
        "in_product": "in_product" in found.distribution,
        "keys": _keys(found, actor),
    }
    return render(request, "surveys/sending/send.html", context)


def _keys(survey: Survey, actor: Person) -> list[tuple[WriteKey, str]]:
    """Write keys with the secret that signs user ids, for those who set a product up."""
    if "in_product" not in survey.distribution or not actor.may(Permission.CONFIGURE):
        return []
    return [(one, secret_of(one)) for one in WriteKey.objects.filter(revoked_at=None).order_by("name")]


def _sent(request: HttpRequest, actor: Person, survey: str) -> str:
    operations.send(actor=actor, survey=survey, cause=f"page:{request.POST.get('once', '')}"[:60])
    return "It is being sent. Whom it asks is decided now, as things are at this moment."


@require_GET
def planned(request: HttpRequest, survey: str) -> HttpResponse:
    """Whom it would ask now. Nothing is sent."""
    actor = _sender(request)
    found, _ = in_force(survey)
    context = {"name": survey, "survey": found, "plan": plan(actor, survey, timezone.now()),
               "once": f"{timezone.now():%Y%m%d%H%M%S%f}"}  # fmt: skip
    return render(request, "surveys/sending/_plan.html", context)


@require_POST
def stop(request: HttpRequest, survey: str, send_id: int) -> HttpResponse:
    def stopped(request: HttpRequest, actor: Person, survey: str) -> str:
        count = operations.stop(actor=actor, send_id=send_id)
        return f"Stopped. {count:,} letter{'' if count == 1 else 's'} stay here; who has one can still answer."

    return _changed(request, survey, stopped)


@require_POST
def add_link(request: HttpRequest, survey: str) -> HttpResponse:
    def added(request: HttpRequest, actor: Person, survey: str) -> str:
        title, account = request.POST.get("title", ""), request.POST.get("account", "").strip() or None
        operations.add_link(actor=actor, survey=survey, title=title, account_id=account)
        return "There is a new link; whoever has it can answer."

    return _changed(request, survey, added)


@require_POST
def close_link(request: HttpRequest, survey: str, link_id: int) -> HttpResponse:
    def closed(request: HttpRequest, actor: Person, survey: str) -> str:
        operations.close_link(actor=actor, link_id=link_id)
        return "The link takes no more answers."

    return _changed(request, survey, closed)


@require_GET
def personal_links(request: HttpRequest, survey: str, send_id: int) -> StreamingHttpResponse:
    """Personal links of a send as a file, for those who hand them out themselves. The audit notes who took it."""
    actor = _sender(request)
    sent = queries.send_for(actor, send_id)
    rows = queries.invitations_for(actor, survey, send_id).filter(withdrawn_at=None, finished_at=None)
    with transaction.atomic():
        record(actor, "took links", kind="survey", of=survey, name=survey, after={"send": sent.send.pk})
    response = StreamingHttpResponse(_lines(rows.order_by("pk").iterator(2000)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{survey}-{send_id}-links.csv"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(rows: Any) -> Any:
    writer = csv.writer(_Echo())
    yield writer.writerow(["account_id", "account", "person_id", "name", "email", "language", "channel", "link"])
    for one in rows:
        yield writer.writerow([_safe(text) for text in _cells(one)])


def _cells(one: Invitation) -> list[str]:
    personal = getattr(one.person, "personal", None)
    return [one.account_id or "", one.account.name if one.account else "", str(one.person_id or ""),
            personal.name if personal else "", personal.email if personal else "", one.language, one.channel,
            queries.personal_address(one)]  # fmt: skip


def _safe(text: str) -> str:
    """A spreadsheet takes no text for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


class _Echo:
    def write(self, text: str) -> str:
        return text


def _sender(request: HttpRequest) -> Person:
    actor = actor_of(request)
    require(actor, Permission.SEND)
    return actor


def _changed(request: HttpRequest, survey: str, work: Callable[[HttpRequest, Person, str], str]) -> HttpResponse:
    actor = _sender(request)
    try:
        messages.success(request, work(request, actor, survey))
    except InputError as refused:
        say(request, refused)
    return redirect("send_survey", survey)
