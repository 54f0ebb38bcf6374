"""What rules do with advocacy: ask for it, within the limits, and take that back."""

from __future__ import annotations

from typing import Any

from keepwell.apps.advocacy.models import Advocate, Request
from keepwell.apps.advocacy.operations.requests import LimitReached, Wanted, ask, move
from keepwell.apps.advocacy.words import AdvocateStatus, RequestStatus
from keepwell.apps.rules.models import Effect
from keepwell.apps.rules.performers import Performer, register, rule_actor


def register_performers() -> None:
    register("ask_advocate", Performer(_ask, _not_asked, "asks for", "advocate"))


def _ask(effect: Effect) -> dict[str, Any]:
    """The first of the account's advocates whom nothing stands against. Raises LimitReached where there is none."""
    asked, reasons = effect.parameters, list[str]()
    wanted = Wanted(kind=asked["kind"], wanted=asked.get("text") or "")
    for advocate in _advocates(effect.account_id):
        try:
            made = ask(actor=rule_actor(effect), wanted=wanted, account_id=effect.account_id, person=advocate.person_id)
            return {"request": made.pk}
        except LimitReached as refused:
            reasons += refused.reasons
    raise LimitReached(reasons or ["the account has no active advocate"])


def _advocates(account_id: str) -> list[Advocate]:
    found = Advocate.objects.filter(account_id=account_id, status=AdvocateStatus.ACTIVE)
    return list(found.order_by("-since", "pk"))


def _not_asked(effect: Effect) -> str:
    request = Request.objects.filter(pk=effect.made.get("request")).first()
    if request is None or request.status != RequestStatus.ASKED:
        return "the request went on since; it stays"
    move(actor=rule_actor(effect), request_id=request.pk, status=RequestStatus.WITHDRAWN, note="undone")
    return ""
