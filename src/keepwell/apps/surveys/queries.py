"""Reads of what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.customers.queries import visible
from keepwell.apps.surveys.models import AnonymousLink, Invitation, SurveySend
from keepwell.apps.surveys.tokens import token_of


@dataclass(frozen=True)
class Sent:
    """A send with what became of it, among accounts that the actor sees."""

    send: SurveySend
    asked: int
    by_letter: int
    left: int
    bounced: int
    answered: int

    @property
    def waiting(self) -> int:
        return self.by_letter - self.left


def sends_of(actor: Actor, survey: str, top: int = 20) -> list[Sent]:
    """Newest first. Raises Forbidden."""
    require(actor, Permission.SEND)
    return with_counts(actor, list(SurveySend.objects.filter(survey=survey).order_by("-made_at", "-pk")[:top]))


def with_counts(actor: Actor, sends: Sequence[SurveySend]) -> list[Sent]:
    """Each with what became of its invitations."""
    seen = Invitation.objects.filter(send__in=[one.pk for one in sends])
    if actor.user is not None:
        seen = seen.filter(account__in=visible(actor))
    none = {"asked": 0, "by_letter": 0, "left": 0, "bounced": 0, "answered": 0}
    rows = (
        seen.order_by()
        .values("send")
        .annotate(
            asked=Count("pk"),
            by_letter=Count("pk", filter=Q(channel="email", withdrawn_at=None)),
            left=Count("pk", filter=Q(channel="email", withdrawn_at=None)
                       & (Q(sent_at__isnull=False) | Q(bounced_at__isnull=False))),
            bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
            answered=Count("pk", filter=Q(finished_at__isnull=False)),
        )
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        counts: dict[str, Any] = dict(row.items())
        found[counts.pop("send")] = counts
    return [Sent(one, **found.get(one.pk, none)) for one in sends]


def send_for(actor: Actor, send_id: int) -> Sent:
    """One. Raises NotVisible, Forbidden."""
    require(actor, Permission.SEND)
    found = SurveySend.objects.filter(pk=send_id).first()
    if found is None:
        raise NotVisible
    return with_counts(actor, [found])[0]


def links_of(actor: Actor, survey: str) -> list[tuple[AnonymousLink, str]]:
    """Anonymous links that the actor may see, the open ones first, each with its address."""
    require(actor, Permission.SEND)
    rows = AnonymousLink.objects.filter(survey=survey).select_related("account")
    rows = rows.filter(Q(account=None) | Q(account__in=visible(actor))).order_by("closed_at", "-made_at")
    return [(one, anonymous_address(one)) for one in rows]


def anonymous_address(link: AnonymousLink) -> str:
    return f"{settings.ENVIRONMENT.public_url}/s/a/{token_of(link.key)}"


def personal_address(invitation: Invitation) -> str:
    return f"{settings.ENVIRONMENT.public_url}/s/{token_of(invitation.key)}"


def invitations_for(actor: Actor, survey: str, send_id: int | None = None) -> QuerySet[Invitation]:
    """Who was asked, at accounts that the actor sees. Raises Forbidden."""
    require(actor, Permission.SEND)
    found = Invitation.objects.filter(survey=survey, account__in=visible(actor)).exclude(channel="anonymous_link")
    if send_id is not None:
        found = found.filter(send=send_id)
    return found.select_related("person__personal", "account")
