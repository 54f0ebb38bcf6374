"""News of advocacy: the timeline has it, measures count it, whoever asked hears of it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from keepwell.apps.access.actors import Actor, Person
from keepwell.apps.access.models import User
from keepwell.apps.advocacy.days import noon_of, zone_of
from keepwell.apps.advocacy.kinds import every_kind, title_of
from keepwell.apps.advocacy.models import Activity, Request
from keepwell.apps.advocacy.queries import whose
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.notices.operations import notify
from keepwell.apps.timeline.logging import built_in
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.definitions.advocacy import REQUESTS_TABLE, TABLE

ADVOCACY = "advocacy"


def activity_key(activity: Activity) -> str:
    return f"advocacy:{activity.pk}"


def kind_title(name: str) -> str:
    found = every_kind().get(name)
    return found.title if found else title_of(name)


def log_activity(actor: Actor, activity: Activity) -> None:
    """One entry an activity: a correction changes it, and a withdrawn one has none."""
    if activity.is_withdrawn:
        TimelineEntry.objects.filter(key=activity_key(activity)).delete()
        return
    title = kind_title(activity.kind)
    TimelineEntry.objects.update_or_create(
        key=activity_key(activity),
        defaults={
            "account": activity.account, "title": f"{title}: {activity.title}"[:300], "text": _text(activity),
            "fields": {"activity": title}, "links": [activity.link] if activity.link else [],
            "attendees": [whose(activity)] if activity.person_id else [],
            "occurred_at": noon_of(activity.happened_on, zone_of(current_project())),
        },
        create_defaults={
            "account": activity.account, "type": built_in(ADVOCACY), "title": f"{title}: {activity.title}"[:300],
            "text": _text(activity), "fields": {"activity": title}, "links": [activity.link] if activity.link else [],
            "attendees": [whose(activity)] if activity.person_id else [],
            "occurred_at": noon_of(activity.happened_on, zone_of(current_project())),
            "author_user": actor.user, "author": actor.name, "origin": actor.origin,
        },
    )  # fmt: skip


def _text(activity: Activity) -> str:
    parts = [activity.text]
    if activity.deal:
        parts.append(f"Deal: {activity.deal}, {activity.get_result_display().lower()}")
    if activity.rating is not None:
        parts.append(f"Rating {activity.rating:g}{f' on {activity.site}' if activity.site else ''}")
    return "\n\n".join(part for part in parts if part)


def log_request(actor: Actor, request: Request, what: str, title: str, text: str = "") -> None:
    """`what` tells events of one request apart. Nothing is logged where nobody was found yet."""
    if request.account is None:
        return
    TimelineEntry.objects.get_or_create(
        key=f"advocacy_request:{request.pk}:{what}"[:200],
        defaults={
            "account": request.account, "type": built_in(ADVOCACY), "title": title[:300], "text": text,
            "fields": {"activity": kind_title(request.kind)}, "occurred_at": timezone.now(),
            "author_user": actor.user, "author": actor.name, "origin": actor.origin,
        },
    )  # fmt: skip


def tell_asker(actor: Actor, request: Request, words: str, at: datetime) -> None:
    """Whoever asked, unless they did it themselves; the link is for those who see the account."""
    asker = request.asker
    if isinstance(asker, User) and asker != actor.user and asker.is_active:
        sees = request.account_id is None or visible(Person(asker)).filter(pk=request.account_id).exists()
        notify(user=asker, text=words[:300], kind="advocacy", key=f"advocacy_request:{request.pk}:{at.isoformat()}",
               link=f"/advocacy/requests/{request.pk}/" if sees else "")  # fmt: skip


def count_activities(*accounts: str) -> None:
    facts_came(accounts, ledger=TABLE)


def count_requests(*accounts: str) -> None:
    facts_came(accounts, ledger=REQUESTS_TABLE)
