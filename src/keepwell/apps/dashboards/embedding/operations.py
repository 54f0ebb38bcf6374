"""Writes: links are made, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.dashboards.catalogue import dashboard_for
from keepwell.apps.dashboards.embedding.finding import LINKS
from keepwell.apps.dashboards.embedding.models import Embed
from keepwell.apps.dashboards.embedding.queries import embed_for
from keepwell.apps.dashboards.narrowing import query_of
from keepwell.apps.ui.outside.links import hash_of
from keepwell.apps.usage.origins import origin
from keepwell.errors import FieldRefused

KIND = "dashboard in a page"
DAYS, MOST_ORIGINS = (1, 365), 20


@transaction.atomic
def make_embed(*, actor: Actor, key: str, origins: Sequence[str], days: int, query: str = "") -> Embed:
    """Of a dashboard that the actor may open: whoever has the link reads what the actor may see, in pages of the
    origins alone. It takes the right to write. Raises NotVisible, Forbidden, FieldRefused."""
    shown = dashboard_for(actor, key)
    require(actor, Permission.WRITE)
    if actor.user is None:
        raise FieldRefused("", "a link shows what its maker may see: somebody who signs in has to make it")
    allowed = list(dict.fromkeys(origin(one) for one in origins if one.strip()))
    if not 1 <= len(allowed) <= MOST_ORIGINS:
        raise FieldRefused("origins", f"name 1 to {MOST_ORIGINS} origins of pages that may show it")
    if not DAYS[0] <= days <= DAYS[1]:
        raise FieldRefused("days", f"a link holds from {DAYS[0]} to {DAYS[1]} days")
    made = Embed(key=key, title=shown.title[:200], query=query_of(shown, query), owner=actor.user, origins=allowed,
                 expires_at=timezone.now() + timedelta(days=days))  # fmt: skip
    made.token_hash = hash_of(LINKS.token_of(made.secret))
    made.save()
    record(actor, "made", kind=KIND, of=made.pk, name=made.title,
           after={"origins": allowed, "until": made.expires_at, "filters": made.query})  # fmt: skip
    return made


@transaction.atomic
def revoke_embed(*, actor: Actor, embed_id: int) -> Embed:
    """Its maker may, and who administers; doing it twice changes nothing."""
    found = embed_for(actor, embed_id)
    if Embed.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=actor.name):
        record(actor, "revoked", kind=KIND, of=found.pk, name=found.title)
    found.refresh_from_db()
    return found
