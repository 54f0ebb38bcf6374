"""Erasure and merging: what a person wrote and where they were written to goes, and the numbers stay without them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from keepwell.apps.access.actors import NotVisible
from keepwell.apps.customers.following import register_follower, rows_of
from keepwell.apps.customers.forgetting import register_forgetter
from keepwell.apps.customers.joining import Joiner, register_joiner
from keepwell.apps.customers.models import Person
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.surveys.comments import comments_came
from keepwell.apps.surveys.editions import definition
from keepwell.apps.surveys.following import INVITATIONS, RESPONSES
from keepwell.apps.surveys.models import AnonymousLink, Invitation, Refusal, RefusalKind, Response
from keepwell.apps.surveys.telling import text_of
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.definitions.survey_questions import TextQuestion


def register() -> None:
    """Called when the application starts."""
    register_forgetter("surveys", forget)
    register_joiner("surveys", Joiner(_counted_anew, _counted_anew))
    for name, model in (("invitations", Invitation), ("responses", Response), ("survey links", AnonymousLink)):
        register_follower(rows_of(name, model))


def forget(key: UUID, addresses: Collection[str]) -> None:
    """Answers count on without a person; open links open nothing any more. That somebody wants no letters is kept as
    the hash of the address alone: they would be asked again otherwise."""
    now = timezone.now()
    for response in Response.objects.select_for_update(of=("self",)).filter(person=key):
        _forget_words(response)
        response.person, response.erased_at = None, now
        response.save(update_fields=["answers", "person", "erased_at"])
        comments_came([response])
    invitations = Invitation.objects.filter(person=key)
    accounts = set(invitations.values_list("account_id", flat=True))
    invitations.filter(finished_at=None).update(withdrawn_at=now)
    invitations.update(person=None)
    Refusal.objects.filter(person=key, kind=RefusalKind.BOUNCED).delete()
    Refusal.objects.filter(person=key, address_hash="").delete()
    Refusal.objects.filter(person=key).update(person=None)
    for ledger in (RESPONSES, INVITATIONS):
        facts_came({one for one in accounts if one}, ledger=ledger)


def _counted_anew(key: UUID, into: UUID) -> None:
    """Whose answers count as one person's, and which of them is the newest, is another question now."""
    accounts = Person.objects.filter(pk__in=[key, into]).values_list("account_id", flat=True)
    for ledger in (RESPONSES, INVITATIONS):
        facts_came(set(accounts), ledger=ledger)


def _forget_words(response: Response) -> None:
    try:
        survey = definition(response.survey, response.version)
    except NotVisible:  # nothing tells which of the answers are words
        response.answers = {name: one for name, one in response.answers.items() if isinstance(one, int | float)}
        return
    written = {one.name for one in survey.questions if isinstance(one, TextQuestion)}
    response.answers = _without(response.answers, written)
    entry = TimelineEntry.objects.filter(key=f"response:{response.key}"[:200])
    entry.update(text=text_of(survey, response.answers))


def _without(answers: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    return {name: one for name, one in answers.items() if name not in names}
