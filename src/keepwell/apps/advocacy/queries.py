"""Reads of advocacy. All of it is for those who see the account; a request without one is for everybody."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.advocacy.kinds import every_kind
from keepwell.apps.advocacy.models import Activity, Advocate, Request
from keepwell.apps.advocacy.words import COUNTING, WAITING
from keepwell.apps.customers.models import Account, Person
from keepwell.apps.customers.queries import account_for, visible
from keepwell.definitions.advocacy import AdvocacyActivity
from keepwell.engine.advocacy.limits import Taken
from keepwell.engine.advocacy.points import worth
from keepwell.engine.advocacy.standing import Done
from keepwell.errors import FieldRefused

ADVOCATE, ACTIVITY, REQUEST = "advocate", "advocacy activity", "advocacy request"
"""What the audit calls them."""

_GONE = AdvocacyActivity(points=0)


def advocates_seen(actor: Actor) -> QuerySet[Advocate]:
    found = Advocate.objects.filter(account__in=visible(actor))
    return found.select_related("account__health", "person__personal")


def activities_seen(actor: Actor) -> QuerySet[Activity]:
    """Those that stand, of accounts that the actor sees."""
    found = Activity.objects.filter(account__in=visible(actor), is_withdrawn=False)
    return found.select_related("account", "person__personal")


def requests_seen(actor: Actor) -> QuerySet[Request]:
    """Those for accounts that the actor sees, and those that nobody was found for."""
    found = Request.objects.filter(Q(account=None) | Q(account__in=visible(actor)))
    return found.select_related("account__health", "person__personal", "asker")


def waiting_requests(actor: Actor) -> QuerySet[Request]:
    return requests_seen(actor).filter(status__in=WAITING)


def advocate_for(actor: Actor, advocate_id: int) -> Advocate:
    found = advocates_seen(actor).filter(pk=advocate_id).first()
    if found is None:
        raise NotVisible
    return found


def activity_for(actor: Actor, activity_id: int) -> Activity:
    """One activity, a withdrawn one too."""
    found = Activity.objects.filter(pk=activity_id, account__in=visible(actor))
    one = found.select_related("account", "person__personal", "request").first()
    if one is None:
        raise NotVisible
    return one


def request_for(actor: Actor, request_id: int) -> Request:
    found = requests_seen(actor).filter(pk=request_id).first()
    if found is None:
        raise NotVisible
    return found


def held_request(actor: Actor, request_id: int) -> Request:
    """The same, locked until the transaction ends."""
    request_for(actor, request_id)
    held = Request.objects.select_for_update(of=("self",)).select_related("account", "person__personal")
    return held.get(pk=request_id)


def whom(actor: Actor, account_id: str, person_key: uuid.UUID | None) -> tuple[Account, Person | None]:
    """An account that the actor sees and, if given, somebody who is there. Raises NotVisible, FieldRefused."""
    account = account_for(actor, account_id)
    if person_key is None:
        return account, None
    person = Person.objects.filter(pk=person_key, account=account, merged_into=None).first()
    if person is None:
        raise FieldRefused("person", f"nobody of this key is known at {account.name}; choose one of its people")
    return account, person


def people_to_choose(account: Account) -> list[tuple[str, str]]:
    """Who is there at an account, by key."""
    people = account.people.filter(merged_into=None, left_on=None).select_related("personal")
    return [(str(one.pk), name_of(one)) for one in people.order_by("-is_sponsor", "personal__name", "pk")[:500]]


def name_of(person: Person | None) -> str:
    """What pages call somebody; nobody's name is told of somebody who was erased."""
    if person is None:
        return ""
    personal = getattr(person, "personal", None)
    return str(personal) if personal and str(personal) else "Name erased"


def whose(one: Advocate | Activity | Request) -> str:
    """The person, or the account where there is none."""
    return name_of(one.person) or (one.account.name if one.account else "")


def done_of(found: Iterable[Activity]) -> list[Done]:
    """Activities as the engine has them, with points by the definitions in force."""
    kinds = {name: one.about for name, one in every_kind().items()}
    return [_done(one, kinds.get(one.kind, _GONE)) for one in found]


def _done(one: Activity, kind: AdvocacyActivity) -> Done:
    return Done(
        id=one.pk, kind=one.kind, day=one.happened_on, account=one.account_id,
        person=str(one.person_id) if one.person_id else None,
        points=worth(kind, one.amount if one.deal_key else None, one.result), half_life=kind.half_life,
        zero_after=kind.zero_after, deal=one.deal_key, amount=one.amount or 0.0, result=one.result,
        decided_on=one.decided_on,
    )  # fmt: skip


def taken_of(accounts: Collection[str], since: date, besides: int | None = None) -> list[Taken]:
    """What was asked of people of accounts and done by them since a day; `besides`: a request that does not count."""
    asked = Request.objects.filter(account_id__in=accounts, status__in=COUNTING, asked_on__gte=since)
    if besides is not None:
        asked = asked.exclude(pk=besides)
    done = Activity.objects.filter(account_id__in=accounts, happened_on__gte=since, is_withdrawn=False)
    rows = [
        *asked.values_list("asked_on", "kind", "account_id", "person_id"),
        *done.values_list("happened_on", "kind", "account_id", "person_id"),
    ]
    return [Taken(day, kind, account, str(person) if person else None) for day, kind, account, person in rows if day]
