"""The one way from a link to a dashboard. Whatever opens nothing looks alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from keepwell.apps.access.actors import Forbidden, NotVisible, Person
from keepwell.apps.access.roles import Permission
from keepwell.apps.dashboards.catalogue import Shown, dashboard_for
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.ui.outside.guessing import Guessing
from keepwell.apps.ui.outside.links import Links, looked_for

LINKS = Links("keepwell: dashboards in pages of others")
GUESSING = Guessing("embed", LINKS)


@dataclass(frozen=True)
class Opened:
    """`reader`: whoever made the link, with no more than looking."""

    embed: Embed
    reader: Person
    shown: Shown


def opened(request: HttpRequest, token: str) -> Opened | None:
    """None where there is no such link, it has ended, or whoever made it has left or may not open the dashboard now.

    Who asks for one that has ended does not guess: it stands in a page that others behind the same address read.
    """
    if GUESSING.is_guessing(request):
        return None
    found = Embed.objects.select_related("owner").filter(token_hash=looked_for(token)).first()
    if found is not None and _is_alive(found):
        return _opened(found)
    GUESSING.note_miss(request, was_known=found is not None)
    return None


def _is_alive(embed: Embed) -> bool:
    return embed.revoked_at is None and embed.expires_at > timezone.now() and embed.owner.is_active


def _opened(found: Embed) -> Opened | None:
    reader = Person(found.owner, origin="embed", permitted=frozenset({Permission.VIEW}))
    try:
        return Opened(found, reader, dashboard_for(reader, found.key))
    except (NotVisible, Forbidden):
        return None


def address_of(embed: Embed) -> str:
    """The whole link."""
    return f"{settings.ENVIRONMENT.public_url}/e/{LINKS.token_of(embed.secret)}/"
