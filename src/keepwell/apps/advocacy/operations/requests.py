"""Asking for advocates: whom, within the limits; the steps of a request; and the activity that it becomes."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.locks import Lock, hold
from keepwell.apps.access.roles import Permission
from keepwell.apps.advocacy.days import today
from keepwell.apps.advocacy.kinds import Kind, every_kind, kind_of, title_of
from keepwell.apps.advocacy.models import Activity, Advocate, Request, RequestStep
from keepwell.apps.advocacy.operations.activities import Said, checked_amount, make
from keepwell.apps.advocacy.queries import REQUEST, held_request, taken_of, whom
from keepwell.apps.advocacy.telling import count_requests, kind_title, log_request, tell_asker
from keepwell.apps.advocacy.words import MAY_BE_DONE, NEXT, AdvocateStatus, RequestStatus
from keepwell.apps.audit.operations import record
from keepwell.apps.customers.models import Account, Person
from keepwell.definitions.names import listed
from keepwell.engine.advocacy.limits import against
from keepwell.engine.advocacy.standing import quarter_began
from keepwell.errors import FieldRefused


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for: a kind of activity, for which deal, by when, and whom they look for."""

    kind: str
    deal: str = ""
    amount: float | None = None
    needed_by: date | None = None
    wanted: str = ""
    condition: str = ""


class LimitReached(FieldRefused):
    """Somebody was asked often enough: `reasons` say what stands against it. It can be done with a reason."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("override", f"{'; '.join(reasons)}. Choose somebody else, or say why it is right all the same")


@transaction.atomic
def ask(
    *,
    actor: Actor,
    wanted: Wanted,
    account_id: str | None = None,
    person: uuid.UUID | None = None,
    override: str = "",
) -> Request:
    """A new request; with an account somebody is asked at once. Raises NotVisible, Forbidden, LimitReached."""
    require(actor, Permission.WRITE)
    kind = _kind(wanted.kind)
    request = Request(
        kind=kind.name, deal=" ".join(wanted.deal.split())[:200], amount=checked_amount(wanted.amount),
        needed_by=_checked_day("needed_by", wanted.needed_by), wanted=wanted.wanted.strip()[:1000],
        condition=wanted.condition.strip()[:2000], asker=actor.user, asker_name=actor.name, origin=actor.origin,
        made_at=timezone.now(),
    )  # fmt: skip
    if request.amount is not None and not request.deal:
        raise FieldRefused("deal", "an amount belongs to a deal: name it, or leave the amount out")
    if account_id is None:
        request.save()
        _step(actor, request, RequestStatus.OPEN)
        return request
    account, found = whom(actor, account_id, person)
    _ask_of(actor, request, kind, account, found, override)
    return request


@transaction.atomic
def choose(
    *, actor: Actor, request_id: int, account_id: str, person: uuid.UUID | None = None, override: str = ""
) -> Request:
    """Whom to ask: the first, or somebody else as long as it is not done. Raises LimitReached."""
    require(actor, Permission.WRITE)
    request = held_request(actor, request_id)
    if not request.is_waiting and request.status != RequestStatus.DECLINED:
        raise FieldRefused("", f"the request is {request.get_status_display().lower()}; make a new one")
    before = request.account_id
    account, found = whom(actor, account_id, person)
    _ask_of(actor, request, _kind(request.kind), account, found, override)
    if before and before != account.pk:
        count_requests(before)
    return request


@transaction.atomic
def move(*, actor: Actor, request_id: int, status: str, note: str = "", scheduled_for: date | None = None) -> Request:
    """The next step: agreed, scheduled (for a day), declined, withdrawn."""
    require(actor, Permission.WRITE)
    request = held_request(actor, request_id)
    allowed = NEXT.get(request.status, ())
    if status not in allowed:
        raise FieldRefused(
            "status",
            f"a request that is {request.get_status_display().lower()} becomes {listed(allowed)}, not '{status}'",
        )
    if status == RequestStatus.SCHEDULED and scheduled_for is None:
        raise FieldRefused("scheduled_for", "say for which day it is scheduled")
    if scheduled_for is not None:
        request.scheduled_for = _checked_day("scheduled_for", scheduled_for, back=366)
    request.status = RequestStatus(status)
    request.save()
    _step(actor, request, request.status, note)
    if status == RequestStatus.DECLINED:
        title = f"Declined: {kind_title(request.kind).lower()}"
        log_request(actor, request, f"declined:{request.steps.count()}", title, note)
    return request


@transaction.atomic
def finish(*, actor: Actor, request_id: int, said: Said, note: str = "") -> Activity:
    """It was done: the request becomes an activity, which counts from its day."""
    require(actor, Permission.WRITE)
    request = held_request(actor, request_id)
    if request.status not in MAY_BE_DONE or request.account is None:
        raise FieldRefused(
            "status", f"a request that is {request.get_status_display().lower()} cannot be done; ask somebody first"
        )
    hold(Lock.ADVOCACY, of=request.account.pk)
    kind = every_kind().get(request.kind) or kind_of(request.kind)
    request.status = RequestStatus.DONE
    request.save()
    activity = make(actor, kind, request.account, request.person, said, request)
    _step(actor, request, RequestStatus.DONE, note)
    return activity


def standing_against(
    kind: Kind, account: Account, person: Person | None, day: date, besides: int | None = None
) -> list[str]:
    """Why this person should not be asked on a day, in words: what they said, and the limits."""
    advocate = Advocate.objects.filter(account=account, person=person).first()
    since = min(quarter_began(day), day - timedelta(days=kind.about.limits.rest or 0))
    taken = taken_of([account.pk], since, besides)
    return refusals(advocate, person, kind, day) + against(
        kind.name, kind.about.limits, account=account.pk, person=str(person.pk) if person else None, day=day,
        taken=taken, own_limit=advocate.at_most if advocate else None,
    )  # fmt: skip


def refusals(advocate: Advocate | None, person: Person | None, kind: Kind, day: date) -> list[str]:
    found = []
    if person is not None and person.left_on is not None:
        found.append(f"left on {person.left_on.isoformat()}")
    if advocate is not None and advocate.status == AdvocateStatus.DECLINED:
        found.append("does not want to be asked")
    until = advocate.resting_until if advocate else None
    if advocate is not None and advocate.status == AdvocateStatus.RESTING and (until is None or day <= until):
        found.append(f"rests until {until.isoformat()}" if until else "rests")
    if advocate is not None and advocate.willing and kind.name not in advocate.willing:
        found.append(f"is willing to do {', '.join(title_of(one).lower() for one in advocate.willing)} alone")
    return found


def _ask_of(actor: Actor, request: Request, kind: Kind, account: Account, person: Person | None, override: str) -> None:
    """Under a lock of the account, so that two who ask at once see each other's request."""
    hold(Lock.ADVOCACY, of=account.pk)
    day = today()
    reasons = standing_against(kind, account, person, day, request.pk)
    if reasons and not override.strip():
        raise LimitReached(reasons)
    request.account, request.person, request.status = account, person, RequestStatus.ASKED
    request.asked_on, request.scheduled_for = day, None
    request.override = override.strip()[:300] if reasons else ""
    request.save()
    note = f"Beyond the limit ({'; '.join(reasons)}): {request.override}" if reasons else ""
    _step(actor, request, RequestStatus.ASKED, note)
    words = f"Asked for: {kind.title.lower()}{f', for {request.deal}' if request.deal else ''}"
    log_request(actor, request, f"asked:{request.steps.count()}", words, note)


def _step(actor: Actor, request: Request, status: str, note: str = "") -> None:
    now = timezone.now()
    RequestStep.objects.create(
        request=request, status=status, account=request.account, person=request.person, at=now, by=actor.name,
        note=note.strip()[:5000],
    )  # fmt: skip
    record(actor, f"set to {status}", kind=REQUEST, of=request.pk, name=request.kind,
           account_id=request.account_id or "", after=_told(request))  # fmt: skip
    if request.account_id:
        count_requests(request.account_id)
    _tell(actor, request, now)


def _tell(actor: Actor, request: Request, now: datetime) -> None:
    words = f"{kind_title(request.kind)}{f' for {request.deal}' if request.deal else ''}: "
    tell_asker(actor, request, words + request.get_status_display().lower(), now)


def _told(request: Request) -> dict[str, Any]:
    fields = ("status", "deal", "amount", "needed_by", "scheduled_for", "override")
    return {name: getattr(request, name) for name in fields} | {"person": request.person_id}


def _kind(name: str) -> Kind:
    kind = kind_of(name)
    if not kind.about.asked_for:
        raise FieldRefused("kind", f"{kind.title.lower()} is not asked for; log it when it was done")
    return kind


def _checked_day(field: str, day: date | None, back: int = 0) -> date | None:
    first, last = today() - timedelta(days=back), today() + timedelta(days=3660)
    if day is not None and not first <= day <= last:
        raise FieldRefused(field, f"the day lies between {first} and {last}")
    return day
