"""News of a call: an entry on the account's timeline, written once, and notices for its owner and watchers."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.models import User
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.owners import sees
from keepwell.apps.customers.models import Account
from keepwell.apps.notices.operations import notify
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.timeline.types import CALL_TO_ACTION

_LONGEST = 300


def log(actor: Actor, account: Account, *, key: str, title: str, text: str = "", unit: str | None = None) -> None:
    """`key` names what happened, so that it stands there once."""
    TimelineEntry.objects.get_or_create(
        key=key[:200],
        defaults={
            "account": account, "relationship_id": unit, "type": built_in(CALL_TO_ACTION), "title": title[:_LONGEST],
            "text": text, "occurred_at": timezone.now(), "author_user": actor.user, "author": actor.name,
            "origin": actor.origin,
        },
    )  # fmt: skip


def log_call(actor: Actor, call: CallToAction, what: str, title: str, text: str = "") -> None:
    """`what` tells events of one call apart, such as closed:2."""
    link = f"[{call.title}](/cockpit/{call.pk}/)" if not call.title.count("]") else call.title
    log(actor, call.account, key=f"call:{call.pk}:{what}", title=title, text=f"{text}\n\n{link}".strip(),
        unit=call.relationship_id)  # fmt: skip


def tell_about(call: CallToAction, actor: Actor, words: str, what: str, besides: Iterable[User] = ()) -> None:
    """The owner and everybody who watches hears of it, once; whoever did it does not."""
    watching = User.objects.filter(watched_calls__call=call, is_active=True)
    people = {one.pk: one for one in (*watching, *besides, *([call.owner] if call.owner else []))}
    for user in people.values():
        tell(user, call, actor, f"{words}: {call.title}", what)


def tell(user: User, call: CallToAction, actor: Actor, words: str, what: str) -> None:
    """One person, unless they did it themselves, have left, or do not see the account."""
    if user != actor.user and user.is_active and sees(user, call.account):
        notify(user=user, text=words, kind="call", key=f"call:{call.pk}:{what}", link=f"/cockpit/{call.pk}/")
