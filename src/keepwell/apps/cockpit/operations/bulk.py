"""The same change for many calls: all of them or none, with an audit line for each, and a way back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from keepwell.apps.access.actors import Actor, NotVisible
from keepwell.apps.access.models import User
from keepwell.apps.audit.operations import record
from keepwell.apps.cockpit.models import CallBulkChange, CallToAction
from keepwell.apps.cockpit.operations.changing import edit_call, flag_call, give, move_call, move_due
from keepwell.apps.cockpit.operations.closing import close_call, reopen_call
from keepwell.apps.cockpit.owners import by_hand
from keepwell.apps.cockpit.queries import calls_seen
from keepwell.apps.cockpit.words import PRIORITIES, CallStatus
from keepwell.apps.customers.operations.many import chosen, held_for_undo, note_undone
from keepwell.errors import FieldRefused

MOST = 1_000
Before = dict[str, Any]
Change = Callable[[Actor, CallToAction, str], None]


@transaction.atomic
def change_calls(*, actor: Actor, call_ids: Collection[int], action: str, value: str) -> CallBulkChange:
    """`action`: owner (a person's number), due (a date), priority (a word), flag (yes, no), status (open, in_progress)
    or close (an outcome). Returns what was changed, by which it can be undone.

    Raises NotVisible if any call is not there for the actor, FieldRefused if any cannot be changed so.
    """
    wanted = chosen(actor, "call", call_ids, MOST, action, ACTIONS)
    calls = _held(actor, wanted)
    before = {pk: _stands(call) for pk, call in calls.items()}
    for call in calls.values():
        _CHANGES[action](actor, call, value)
    after = {pk: _stands(call) for pk, call in _held(actor, wanted).items()}
    changed = {str(pk): {"was": was, "now": after[pk]} for pk, was in before.items() if was != after[pk]}
    return CallBulkChange.objects.create(user=actor.user, action=action, value=value[:300], before=changed)


@transaction.atomic
def undo_change_of_calls(*, actor: Actor, bulk_id: int) -> int:
    """Puts back what stood before in each call that nobody changed since. Returns how many those are."""
    found = held_for_undo(CallBulkChange, actor, bulk_id)
    seen = calls_seen(actor).filter(pk__in=[int(pk) for pk in found.before])
    done = sum(_put_back(actor, call, found.before[str(call.pk)]) for call in seen.order_by("pk"))
    note_undone(actor, found, "call", done)
    return done


def _held(actor: Actor, calls: Collection[int]) -> dict[int, CallToAction]:
    """Locked until the transaction ends, in an order that two of these share."""
    rows = calls_seen(actor).filter(pk__in=calls).select_for_update(of=("self",)).order_by("pk")
    found = {one.pk: one for one in rows}
    if len(found) != len(calls):
        raise NotVisible
    return found


def _stands(call: CallToAction) -> dict[str, Any]:
    """What a change of many may change."""
    return {"owner": call.owner_id, "due": call.due_on and call.due_on.isoformat(), "priority": call.priority,
            "flag": call.is_flagged, "status": call.status}  # fmt: skip


def _put_back(actor: Actor, call: CallToAction, change: Mapping[str, Any]) -> bool:
    """Whether it was: not where somebody changed it since."""
    was, now = change["was"], change["now"]
    if _stands(call) != now:
        return False
    if now["status"] == CallStatus.CLOSED and was["status"] != CallStatus.CLOSED:
        try:
            call = reopen_call(actor=actor, call_id=call.pk)
        except FieldRefused:
            return False
    if was["owner"] != now["owner"]:
        give(actor, call, User.objects.filter(pk=was["owner"]).first())
    call.refresh_from_db()
    call.due_on = date.fromisoformat(was["due"]) if was["due"] else None
    call.priority, call.is_flagged, call.status = was["priority"], was["flag"], was["status"]
    call.save()
    record(actor, "put back", kind="call to action", of=call.pk, name=call.title, account_id=call.account_id,
           before=now, after=was)  # fmt: skip
    return True


def _owner(actor: Actor, call: CallToAction, value: str) -> None:
    if not value.isdecimal() or len(value) > 17:
        raise FieldRefused("owner", "choose somebody")
    if not call.is_open:
        raise FieldRefused("call", f"'{call.title}' is closed; reopen it first")
    give(actor, call, by_hand(int(value), call.account))


def _due(actor: Actor, call: CallToAction, value: str) -> None:
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError:
        raise FieldRefused("due", "give a date such as 2026-03-31") from None
    move_due(actor=actor, call_id=call.pk, due_on=day)


def _priority(actor: Actor, call: CallToAction, value: str) -> None:
    if value not in PRIORITIES:
        raise FieldRefused("priority", f"choose one of {', '.join(PRIORITIES)}")
    edit_call(actor=actor, call_id=call.pk, title=call.title, text=call.text, priority=PRIORITIES[value])


def _flag(actor: Actor, call: CallToAction, value: str) -> None:
    if value not in ("yes", "no"):
        raise FieldRefused("flag", "say yes or no")
    flag_call(actor=actor, call_id=call.pk, flagged=value == "yes")


def _status(actor: Actor, call: CallToAction, value: str) -> None:
    move_call(actor=actor, call_id=call.pk, status=value)


def _close(actor: Actor, call: CallToAction, value: str) -> None:
    close_call(actor=actor, call_id=call.pk, outcome=value)


_CHANGES: dict[str, Change] = {
    "owner": _owner, "due": _due, "priority": _priority, "flag": _flag, "status": _status, "close": _close,
}  # fmt: skip
ACTIONS = tuple(_CHANGES)
