"""What customers did for us: logged, corrected, withdrawn; and what became of the deals that they influenced."""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import noon_of, today, zone_of
from keepwell.apps.advocacy.kinds import Kind, every_kind, kind_of
from keepwell.apps.advocacy.models import Activity, ActivityChange, Request
from keepwell.apps.advocacy.queries import ACTIVITY, activities_seen, activity_for, whom
from keepwell.apps.advocacy.telling import count_activities, log_activity
from keepwell.apps.advocacy.words import Result
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.models import Account, Person
from keepwell.errors import FieldRefused

_FIELDS = ("happened_on", "title", "text", "link", "site", "rating", "deal", "amount", "result", "decided_on")


@dataclass(frozen=True)
class Said:
    """What is said of an activity. `amount` of the deal is in the currency of ARR; `result` of it: open, won, lost."""

    happened_on: date
    title: str
    text: str = ""
    link: str = ""
    site: str = ""
    rating: float | None = None
    deal: str = ""
    amount: float | None = None
    result: str = ""
    decided_on: date | None = None


@transaction.atomic
def log(*, actor: Actor, kind: str, account_id: str, said: Said, person: uuid.UUID | None = None) -> Activity:
    """A new activity. Raises NotVisible, Forbidden, FieldRefused."""
    account, found = whom(actor, account_id, person)
    require(actor, Permission.WRITE)
    return make(actor, kind_of(kind), account, found, said)


def make(
    actor: Actor, kind: Kind, account: Account, person: Person | None, said: Said, request: Request | None = None
) -> Activity:
    """The same for an operation that has found and asked: of a request that is done. Runs in its transaction."""
    now = timezone.now()
    activity = Activity(
        kind=kind.name, account=account, person=person, request=request, made_at=now, author=actor.user,
        author_name=actor.name, origin=actor.origin,
    )  # fmt: skip
    _put(activity, kind, said)
    activity.save()
    _keep(actor, activity, now)
    if activity.result in (Result.WON, Result.LOST) and activity.decided_on and activity.deal_key:
        _spread(actor, activity, now)
    _announce(actor, activity, "logged", {})
    return activity


@transaction.atomic
def correct(*, actor: Actor, activity_id: int, said: Said, reason: str) -> Activity:
    """Says it anew; what it said before is kept with who changed it, when and why."""
    require(actor, Permission.WRITE)
    activity = _held(actor, activity_id)
    if not reason.strip():
        raise FieldRefused("reason", "say why it is corrected, so that others understand")
    before, kind = _said(activity), every_kind().get(activity.kind)
    _put(activity, kind or kind_of(activity.kind), said)
    if before == _said(activity):
        return activity
    activity.save()
    _keep(actor, activity, timezone.now(), reason, before)
    _announce(actor, activity, "corrected", before)
    return activity


@transaction.atomic
def withdraw(*, actor: Actor, activity_id: int, reason: str) -> Activity:
    """It was logged by mistake: it counts no more, also for the past. It can be seen, and nothing is lost."""
    require(actor, Permission.WRITE)
    activity = _held(actor, activity_id)
    if not reason.strip():
        raise FieldRefused("reason", "say why it is taken back, so that others understand")
    if activity.is_withdrawn:
        return activity
    activity.is_withdrawn = True
    activity.save(update_fields=["is_withdrawn", "changed_at"])
    _keep(actor, activity, timezone.now(), reason, {"is_withdrawn": False})
    _announce(actor, activity, "withdrew", {})
    return activity


@transaction.atomic
def decide_deal(
    *, actor: Actor, deal: str, result: str, decided_on: date | None = None, amount: float | None = None
) -> int:
    """What became of a deal: every activity for it that the actor sees says so from that day on. Returns how many."""
    require(actor, Permission.WRITE)
    if result not in Result.values:
        raise FieldRefused("result", f"choose one of {', '.join(Result.values)}")
    day = decided_on or today()
    found = activities_seen(actor).filter(deal_key=deal_key(deal)).order_by("pk")
    ids = list(found.values_list("pk", flat=True)) if deal_key(deal) else []
    if not ids:
        raise FieldRefused("deal", f"no activity is logged for a deal '{deal}'")
    now = timezone.now()
    for activity in Activity.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("account"):
        _decide(actor, activity, result, day, activity.amount if amount is None else checked_amount(amount), now)
    return len(ids)


def _decide(actor: Actor, activity: Activity, result: str, day: date, amount: float | None, now: datetime) -> None:
    if day < activity.happened_on or day > today():
        raise FieldRefused("decided_on", f"a deal is decided between {activity.happened_on} and today, {today()}")
    before = _said(activity)
    activity.result, activity.amount = result, amount
    activity.decided_on = None if result == Result.OPEN else day
    if before == _said(activity):
        return
    activity.save()
    since = None if result == Result.OPEN else day
    _keep(actor, activity, now, f"deal {result}", before, since=since)
    _announce(actor, activity, f"set deal {result} for", before)


def _spread(actor: Actor, activity: Activity, now: datetime) -> None:
    """A deal that is decided is decided for whatever else influenced it."""
    others = activities_seen(actor).filter(deal_key=activity.deal_key).exclude(pk=activity.pk)
    ids = list(others.values_list("pk", flat=True))
    for other in Activity.objects.select_for_update(of=("self",)).filter(pk__in=ids).select_related("account"):
        day = max(activity.decided_on or other.happened_on, other.happened_on)
        _decide(actor, other, activity.result, day, activity.amount, now)


def deal_key(deal: str) -> str:
    """What tells one deal from another, however it is written."""
    return " ".join(deal.split()).casefold()[:200]


def checked_amount(amount: float | None) -> float | None:
    if amount is not None and not (math.isfinite(amount) and 0 <= amount <= 1e12):
        raise FieldRefused("amount", "an amount lies between 0 and a trillion")
    return amount


def _held(actor: Actor, activity_id: int) -> Activity:
    found = activity_for(actor, activity_id)
    hold(Lock.ADVOCACY, of=found.account_id)
    held = Activity.objects.select_for_update(of=("self",)).select_related("account", "person__personal")
    return held.get(pk=activity_id)


def _put(activity: Activity, kind: Kind, said: Said) -> None:
    """Writes what is said into an activity that is not saved yet."""
    _check_day(said.happened_on)
    title = " ".join(said.title.split())
    if not title:
        raise FieldRefused("title", "say in a few words what it was, such as: Call with Northwind about roll-out")
    activity.happened_on, activity.title, activity.text = said.happened_on, title[:300], said.text.strip()[:20_000]
    activity.link = _checked_link(said.link) if kind.has("link") else ""
    activity.site = said.site.strip()[:100] if kind.has("review") else ""
    activity.rating = _checked_rating(said.rating) if kind.has("review") else None
    _put_deal(activity, kind, said)


def _put_deal(activity: Activity, kind: Kind, said: Said) -> None:
    deal = " ".join(said.deal.split())[:200] if kind.has("deal") else ""
    if not deal and kind.has("deal") and (said.amount is not None or said.result):
        raise FieldRefused("deal", "an amount and a result belong to a deal: name it, or leave both out")
    if said.result and said.result not in Result.values:
        raise FieldRefused("result", f"choose one of {', '.join(Result.values)}")
    activity.deal, activity.deal_key = deal, deal_key(deal)
    activity.amount = checked_amount(said.amount) if deal else None
    activity.result = (said.result or Result.OPEN) if deal else ""
    decided = activity.result in (Result.WON, Result.LOST)
    activity.decided_on = (said.decided_on or max(said.happened_on, today())) if decided else None
    if activity.decided_on and not said.happened_on <= activity.decided_on <= today():
        raise FieldRefused("decided_on", f"a deal is decided between {said.happened_on} and today, {today()}")


def _check_day(day: date) -> None:
    if not date(1990, 1, 1) <= day <= today():
        raise FieldRefused(
            "happened_on", f"an activity lies between 1990 and today, {today()}; ask for what is to come"
        )


def _checked_link(link: str) -> str:
    found = link.strip()
    if found and not found.lower().startswith(("http://", "https://")):
        raise FieldRefused("link", "a link begins with https:// or http://")
    if len(found) > 1000:
        raise FieldRefused("link", "a link has at most 1000 characters")
    return found


def _checked_rating(rating: float | None) -> float | None:
    if rating is not None and not 0 <= rating <= 10:
        raise FieldRefused("rating", "a rating lies between 0 and 10")
    return rating


def _day_start(day: date) -> datetime:
    return noon_of(day, zone_of(current_project()))


def _said(activity: Activity) -> dict[str, Any]:
    return {name: getattr(activity, name) for name in _FIELDS}


def _keep(
    actor: Actor, activity: Activity, now: datetime, reason: str = "", before: dict[str, Any] | None = None,
    *, since: date | None = None,
) -> None:  # fmt: skip
    """What is known now, of each time at which it changed (`since` a day alone): before its deal was decided the deal
    was open. Earlier rows stay: they are what was known before."""
    decided = _day_start(activity.decided_on) if activity.decided_on else None
    times = {_day_start(activity.happened_on), *activity.changes.values_list("holds_from", flat=True)}
    times |= {decided} if decided else set()
    chosen = sorted(one for one in times if since is None or one >= _day_start(since))
    changed = {name: _plain(value) for name, value in (before or {}).items() if value != getattr(activity, name)}
    ActivityChange.objects.bulk_create(
        ActivityChange(
            activity=activity, happened_on=activity.happened_on, site=activity.site, rating=activity.rating,
            deal_key=activity.deal_key, amount=activity.amount,
            result=Result.OPEN if decided and one < decided else activity.result,
            is_withdrawn=activity.is_withdrawn, holds_from=one, recorded_at=now, by=actor.name,
            reason=reason.strip()[:300] if one == chosen[-1] else "", before=changed if one == chosen[-1] else {},
        )
        for one in chosen
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _announce(actor: Actor, activity: Activity, action: str, before: dict[str, Any]) -> None:
    """Audit, timeline and measures. Words about people stay out of the audit."""
    told = ("happened_on", "site", "rating", "deal", "amount", "result")
    record(
        actor, action, kind=ACTIVITY, of=activity.pk, name=activity.kind, account_id=activity.account_id,
        before={name: before[name] for name in told if name in before},
        after={name: getattr(activity, name) for name in told},
    )  # fmt: skip
    log_activity(actor, activity)
    count_activities(activity.account_id)
