"""What rules do with calls: open, update, close; and how each is taken back."""

from __future__ import annotations

from typing import Any

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.changing import assign_to, edit_call, move_due
from keepwell.apps.cockpit.operations.closing import close_call, reopen_call, withdraw_call
from keepwell.apps.cockpit.operations.opening import Wanted, open_call, put_back
from keepwell.apps.cockpit.operations.talking import comment
from keepwell.apps.cockpit.owners import CSM
from keepwell.apps.cockpit.words import PRIORITIES, CallStatus, Origin, Priority
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor
from keepwell.definitions.delays import parse_delay
from keepwell.errors import RequestRefused


def register_performers() -> None:
    register("open_call", Performer(_open, _not_opened, "opens", "call to action"))
    register("update_call", Performer(_update, _not_updated, "updates", "call to action"))
    register("close_call", Performer(_close, _not_closed, "closes", "call to action"))


def _open(effect: Effect) -> dict[str, Any]:
    asked = effect.parameters
    opened = open_call(actor=rule_actor(effect), account_id=effect.account_id, wanted=_wanted(effect, asked))
    return {"call": opened.call.pk, "is_new": opened.is_new, "before": dict(opened.before)}


def _wanted(effect: Effect, asked: dict[str, Any]) -> Wanted:
    return Wanted(
        type=asked["type"],
        reason=asked["reason"],
        reason_words=str(asked.get("reason_words") or asked["reason"].replace("_", " ").capitalize()),
        title=str(asked.get("title") or asked["reason"].replace("_", " ").capitalize())[:300],
        text=asked.get("text") or "",
        priority=_priority(asked.get("priority") or Priority.NORMAL.label),
        owner=asked.get("owner") or CSM,
        due=parse_delay(asked["due"]) if asked.get("due") else None,
        playbook=asked.get("playbook") or "",
        origin=Origin.RULE,
        cause={"rule": effect.rule, "conditions": effect.reason},
        effect=effect,
    )


def _not_opened(effect: Effect) -> str:
    """What was opened closes as withdrawn; what was open already says again what it said, if nobody changed it."""
    call, made = _call(effect), effect.made
    if call is None or not call.is_open:
        return "the call was closed since; it stays closed"
    if made["is_new"]:
        if call.times_opened > 1:
            return "the call was opened again since, for another reason to act; it stays"
        withdraw_call(actor=rule_actor(effect), call_id=call.pk, note=f"undone: rule {effect.rule}")
        return ""
    return put_back(rule_actor(effect), call.pk, made["before"])


def _update(effect: Effect) -> dict[str, Any]:
    """Of the open call of the type and reason; nothing where there is none."""
    actor, asked, call = rule_actor(effect), effect.parameters, _named(effect)
    if call is None:
        return {}
    before = {"title": call.title, "text": call.text, "priority": call.priority, "due_on": str(call.due_on or ""),
              "owner_id": call.owner_id}  # fmt: skip
    edit_call(actor=actor, call_id=call.pk, title=str(asked.get("title") or call.title)[:300], text=call.text,
              priority=_priority(asked["priority"]) if asked.get("priority") else call.priority)  # fmt: skip
    if asked.get("owner"):
        assign_to(actor=actor, call_id=call.pk, owner=asked["owner"])
    if asked.get("due"):
        move_due(actor=actor, call_id=call.pk, due_on=parse_delay(asked["due"]))
    said = comment(actor=actor, call_id=call.pk, text=asked["comment"]).pk if asked.get("comment") else None
    call.refresh_from_db()
    return {"call": call.pk, "before": before, "comment": said, "changed_at": call.changed_at.isoformat()}


def _not_updated(effect: Effect) -> str:
    call, made = _call(effect), effect.made
    if not made:
        return ""
    if call is None or not call.is_open:
        return "the call was closed since; it stays as it is"
    if call.changed_at.isoformat() != made["changed_at"]:
        return "somebody changed the call since; it stays as it is"
    call.comments.filter(pk=made["comment"]).delete()
    return put_back(rule_actor(effect), call.pk, made["before"])


def _close(effect: Effect) -> dict[str, Any]:
    """The open call of the type and reason; nothing where there is none."""
    actor, asked, call = rule_actor(effect), effect.parameters, _named(effect)
    if call is None:
        return {}
    close_call(actor=actor, call_id=call.pk, outcome=asked["outcome"], note=asked.get("comment") or "")
    return {"call": call.pk}


def _not_closed(effect: Effect) -> str:
    call = _call(effect)
    if call is None:
        return ""
    reopen_call(actor=rule_actor(effect), call_id=call.pk)
    return ""


def _call(effect: Effect) -> CallToAction | None:
    return CallToAction.objects.filter(pk=effect.made.get("call")).first()


def _named(effect: Effect) -> CallToAction | None:
    asked = effect.parameters
    opened = CallToAction.objects.filter(account=effect.account_id, type=asked["type"], reason=asked["reason"])
    return opened.exclude(status=CallStatus.CLOSED).first()


def _priority(word: str) -> int:
    if word not in PRIORITIES:
        raise RequestRefused(f"'{word}' is no priority; there are: {', '.join(PRIORITIES)}")
    return PRIORITIES[word]
