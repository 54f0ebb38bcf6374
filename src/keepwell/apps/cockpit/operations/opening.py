"""A call to action is opened: one for each account, type and reason, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.models import User
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.calendars import calendar_of
from keepwell.apps.cockpit.measuring import OPENED, measure_now
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.owners import CSM, by_hand, by_role
from keepwell.apps.cockpit.playing import play
from keepwell.apps.cockpit.queries import CALL, held_call
from keepwell.apps.cockpit.telling import log_call, tell_about
from keepwell.apps.cockpit.valuing import renew_values
from keepwell.apps.cockpit.words import CallStatus, CallType, Origin, Priority
from keepwell.apps.customers.models import Account
from keepwell.apps.customers.queries import account_for, unit_of
from keepwell.apps.rules.models import Effect
from keepwell.definitions.delays import Delay
from keepwell.errors import FieldRefused

_TRIES = 3
_LONGEST_TITLE, _LONGEST_TEXT = 300, 20_000


@dataclass(frozen=True)
class Wanted:
    """What a call is about. `reason`: the key by which it is the same as another; made of `reason_words` if empty.

    `owner`: a role, or the address of somebody; `owner_id`: somebody by hand, who comes first. `due`: a day, or how
    long from today in the calendar of the owner.
    """

    type: str
    title: str
    reason: str = ""
    reason_words: str = ""
    text: str = ""
    priority: int = Priority.NORMAL
    owner: str = CSM
    owner_id: int | None = None
    due: date | Delay | None = None
    playbook: str = ""
    relationship_id: str | None = None
    origin: str = Origin.PERSON
    cause: Mapping[str, Any] = field(default_factory=dict)
    effect: Effect | None = None
    objective_id: int | None = None


@dataclass(frozen=True)
class Opened:
    """`is_new`: it was not open before; else `before` is what the call was changed from."""

    call: CallToAction
    is_new: bool
    before: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def open_call(*, actor: Actor, account_id: str, wanted: Wanted) -> Opened:
    """Raises NotVisible, Forbidden, FieldRefused. Where one is open for the reason, that one is brought up to date."""
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    reason = checked(wanted, account)
    owner = by_hand(wanted.owner_id, account) if wanted.owner_id else by_role(wanted.owner, account)
    call, is_new = _one(actor, account, wanted, reason, owner)
    if not is_new:
        return Opened(call, False, _again(actor, call, wanted))
    measure_now(call, OPENED)
    renew_values([account.pk])
    record(actor, "opened", kind=CALL, of=call.pk, name=call.title, account_id=account.pk, after=_said(call))
    log_call(actor, call, "opened", f"{call.get_type_display()} opened: {call.title}", call.reason_words)
    tell_about(call, actor, f"{account.name}: {call.get_type_display().lower()} opened", "opened")
    if wanted.playbook:
        play(actor, call, wanted.playbook)
    return Opened(call, True)


def checked(wanted: Wanted, account: Account) -> str:
    """The key of the reason. Raises FieldRefused for what no call can have."""
    if wanted.type not in CallType.values:
        raise FieldRefused("type", f"'{wanted.type}' is no type of call; there are: {', '.join(CallType.values)}")
    if not wanted.title.strip() or len(wanted.title) > _LONGEST_TITLE:
        raise FieldRefused("title", f"give a title of 1 to {_LONGEST_TITLE} characters")
    if len(wanted.text) > _LONGEST_TEXT:
        raise FieldRefused("text", f"the text has {len(wanted.text)} characters, at most {_LONGEST_TEXT} are kept")
    if wanted.relationship_id:
        unit_of(account, wanted.relationship_id)
    reason = wanted.reason or key_of(wanted.reason_words or wanted.title)
    if not reason:
        raise FieldRefused("reason", "say why in a few words, with a letter or digit in them")
    return reason[:100]


def key_of(words: str) -> str:
    """Champion left! as champion_left."""
    return "_".join("".join(c if c.isalnum() else " " for c in words.lower()).split())


def _one(actor: Actor, account: Account, wanted: Wanted, reason: str, owner: User | None) -> tuple[CallToAction, bool]:
    """The open call for the reason, locked, and whether it is new. The database sees to it that there is one."""
    for _ in range(_TRIES):
        same = CallToAction.objects.select_for_update(of=("self",)).select_related("account", "owner")
        found = same.filter(account=account, type=wanted.type, reason=reason).exclude(status=CallStatus.CLOSED).first()
        if found is not None:
            return found, False
        try:
            with transaction.atomic():
                return _made(actor, account, wanted, reason, owner), True
        except IntegrityError:
            continue  # somebody else was quicker: theirs is found now, unless it was closed meanwhile
    raise FieldRefused("reason", "calls for this reason are opened and closed at this moment; try again")


def _made(actor: Actor, account: Account, wanted: Wanted, reason: str, owner: User | None) -> CallToAction:
    now = timezone.now()
    return CallToAction.objects.create(
        account=account, relationship_id=wanted.relationship_id, type=wanted.type, reason=reason,
        reason_words=(wanted.reason_words or wanted.title)[:300], title=wanted.title.strip(), text=wanted.text,
        priority=wanted.priority, owner=owner, owner_role="" if wanted.owner_id else wanted.owner,
        due_on=_due(wanted, owner), origin=wanted.origin, effect=wanted.effect, cause=dict(wanted.cause),
        objective_id=wanted.objective_id, opened_at=now, opened_by=actor.name, last_opened_at=now,
    )  # fmt: skip


def _due(wanted: Wanted, owner: User | None) -> date | None:
    if not isinstance(wanted.due, Delay):
        return wanted.due
    calendar = calendar_of(owner)
    return calendar.due(calendar.today(timezone.now()), wanted.due)


def _again(actor: Actor, call: CallToAction, wanted: Wanted) -> dict[str, Any]:
    """The newer words, the higher priority, the earlier date. What was snoozed goes on sleeping."""
    before = _said(call)
    due = _due(wanted, call.owner)
    call.title, call.text = wanted.title.strip(), wanted.text or call.text
    call.reason_words = wanted.reason_words or call.reason_words
    call.priority = max(call.priority, wanted.priority)
    call.due_on = min(call.due_on, due) if call.due_on and due else call.due_on or due
    call.cause = dict(wanted.cause) or call.cause
    call.times_opened, call.last_opened_at = call.times_opened + 1, timezone.now()
    call.save()
    if wanted.playbook and not call.playbook:
        play(actor, call, wanted.playbook)
    record(actor, "opened again", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id,
           before=before, after=_said(call))  # fmt: skip
    return before


def put_back(actor: Actor, call_id: int, before: Mapping[str, Any]) -> str:
    """What a call said before it was changed; returns why it stays, if it does."""
    call = held_call(actor, call_id)
    now = _said(call)
    call.title, call.text, call.priority = before["title"], before["text"], before["priority"]
    call.due_on = date.fromisoformat(before["due_on"]) if before.get("due_on") else None
    if "times_opened" in before:
        call.reason_words, call.times_opened = before["reason_words"], before["times_opened"]
    if "owner_id" in before:
        call.owner_id = before["owner_id"]
    call.save()
    record(actor, "put back", kind=CALL, of=call.pk, name=call.title, account_id=call.account_id, before=now,
           after=_said(call))  # fmt: skip
    return ""


def _said(call: CallToAction) -> dict[str, Any]:
    """What an audit of opening keeps, and what takes it back."""
    return {
        "title": call.title, "text": call.text, "reason_words": call.reason_words, "priority": call.priority,
        "due_on": call.due_on and call.due_on.isoformat(), "owner": call.owner.name if call.owner else None,
        "times_opened": call.times_opened, "playbook": call.playbook,
    }  # fmt: skip
