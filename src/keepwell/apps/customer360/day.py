"""The day of one person: work that is due, accounts that need attention, answers, movers, renewals near, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from keepwell.apps.access.actors import Actor
from keepwell.apps.access.roles import Role
from keepwell.apps.cockpit.day import SHOWN as DUE
from keepwell.apps.cockpit.day import Due, due_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.queries import open_calls
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import visible
from keepwell.apps.health.scored import latest_run
from keepwell.apps.notices.models import Notice
from keepwell.apps.surveys.results.low import Answer, answers_of, worth_answering

NEAR_DAYS, SHARP, SHOWN, CONSIDERED = 90, 5.0, 5, 200
ANSWER_DAYS = 14


@dataclass(frozen=True)
class Attention:
    """One account and, in words, what speaks for looking at it now. `at_stake`: what it is ordered by."""

    account: Account
    reasons: tuple[str, ...]
    at_stake: float


@dataclass(frozen=True)
class Day:
    as_of: date | None
    whose: str
    attention: Sequence[Attention]
    falling: Sequence[Account]
    rising: Sequence[Account]
    renewals: Sequence[Account]
    notices: Sequence[Notice]
    due: Sequence[Due]
    responses: Sequence[tuple[Answer, CallToAction | None]]
    counts: Sequence[tuple[str, str, int]]
    total: int


def day_of(actor: Actor) -> Day:
    run = latest_run()
    as_of = run.as_of if run else None
    mine, whose = _mine(actor)
    scored = mine.filter(in_population=True, health__isnull=False).select_related("health", "owner")
    moved = scored.filter(health__change__isnull=False)
    counts = _counts(scored)
    return Day(
        as_of=as_of,
        whose=whose,
        attention=_attention(scored, as_of) if as_of else (),
        falling=list(moved.filter(health__change__lte=-1).order_by("health__change", "pk")[:SHOWN]),
        rising=list(moved.filter(health__change__gte=1).order_by("-health__change", "pk")[:SHOWN]),
        renewals=list(_renewals(scored, as_of)) if as_of else (),
        notices=_notices(actor),
        due=due_of(actor)[:DUE],
        responses=_responses(actor, mine),
        counts=counts,
        total=sum(count for _, _, count in counts),
    )


def _responses(actor: Actor, mine: QuerySet[Account]) -> list[tuple[Answer, CallToAction | None]]:
    """New ones that ask for an answer, low ones first, each with the open call of its account."""
    found = worth_answering(answers_of(mine, timezone.now() - timedelta(days=ANSWER_DAYS)), SHOWN)
    accounts = {one.response.account_id for one in found}
    calls = {call.account_id: call for call in open_calls(actor).filter(account_id__in=accounts).order_by("opened_at")}
    return [(one, calls.get(one.response.account_id or "")) for one in found]


def _mine(actor: Actor) -> tuple[QuerySet[Account], str]:
    """A CSM's day is about the accounts they own; everybody else's about those they see."""
    seen = visible(actor)
    if actor.user is not None and actor.user.role == Role.CSM:
        return seen.filter(owner=actor.user), "your accounts"
    return seen, "the accounts you see"


def _notices(actor: Actor) -> Sequence[Notice]:
    return list(Notice.objects.filter(user=actor.user, read_at=None).order_by("-at")[:SHOWN]) if actor.user else ()


def _counts(scored: QuerySet[Account]) -> list[tuple[str, str, int]]:
    """How many have which band, the best first."""
    tones = {"good": 0, "middle": 1, "bad": 2, "none": 3}
    found = scored.order_by().values_list("health__tone", "health__label").annotate(Count("pk"))
    totals: dict[tuple[str, str], int] = {}
    for tone, label, count in found:
        key = (tone, label if tone != "none" else "no band")
        totals[key] = totals.get(key, 0) + count
    return [
        (tone, label, totals[tone, label]) for tone, label in sorted(totals, key=lambda one: (tones[one[0]], one[1]))
    ]


def _renewals(scored: QuerySet[Account], as_of: date) -> QuerySet[Account]:
    near = scored.filter(renews_on__gte=as_of, renews_on__lte=as_of + timedelta(days=NEAR_DAYS))
    return near.order_by("renews_on", "pk")[:8]


def _attention(scored: QuerySet[Account], as_of: date) -> list[Attention]:
    """Bad ones, sharp falls, and near renewals that are not good, by what is at stake."""
    near = Q(renews_on__gte=as_of, renews_on__lte=as_of + timedelta(days=NEAR_DAYS))
    worth = Q(health__tone="bad") | Q(health__change__lte=-SHARP) | (near & ~Q(health__tone="good"))
    considered = scored.filter(worth).order_by("-arr", "pk")[:CONSIDERED]
    found = [_reasoned(account, as_of) for account in considered]
    return sorted(found, key=lambda one: (-one.at_stake, one.account.pk))[:SHOWN]


def _reasoned(account: Account, as_of: date) -> Attention:
    """At stake is the revenue times what the score lacks, more where it just fell or the renewal is near."""
    health, reasons = account.health, []
    weight = (100 - (health.score if health.score is not None else 50)) / 100
    if health.change is not None and health.change <= -SHARP:
        reasons.append(f"fell {-health.change:.0f} points in a week")
        weight *= 1.5
    left = (account.renews_on - as_of).days if account.renews_on else None
    if left is not None and 0 <= left <= NEAR_DAYS:
        reasons.append(f"renews in {left} day{'' if left == 1 else 's'}")
        weight *= 2 - left / NEAR_DAYS
    if health.why:
        reasons.append(health.why[:1].lower() + health.why[1:])
    return Attention(account, tuple(reasons), (account.arr or 0) * weight)
