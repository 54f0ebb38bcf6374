"""Who is named with an @ in what was written, and hears of it."""

from __future__ import annotations

import re

from keepwell.apps.access.actors import Actor, Person
from keepwell.apps.access.models import User
from keepwell.apps.customers.queries import visible
from keepwell.apps.notices.operations import notify
from keepwell.apps.timeline.models import TimelineEntry


def mentioned(text: str) -> list[User]:
    """People whose whole name or address follows an @ in the text."""
    if "@" not in text:
        return []
    people = User.objects.filter(is_active=True).order_by("pk")
    return [one for one in people if _is_named(one.name, text) or _is_named(one.email, text)]


def tell_mentioned(entry: TimelineEntry, actor: Actor) -> None:
    """One notice a person and entry, to those who see the account; none to who wrote it."""
    for user in mentioned(entry.text):
        if user == actor.user or not visible(Person(user)).filter(pk=entry.account_id).exists():
            continue
        notify(
            user=user,
            text=f"{actor.name} mentioned you: {entry.title}",
            kind="mention",
            key=f"mention:{entry.pk}",
            link=f"/timeline/{entry.pk}/",
        )


def _is_named(name: str, text: str) -> bool:
    return bool(name) and re.search(rf"@{re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
