"""How far the success plan is: its goals, without the calls and the people behind them."""

from __future__ import annotations

from keepwell.apps.cockpit.models import Objective, SuccessPlan
from keepwell.apps.cockpit.progress import PlanProgress, progress_of
from keepwell.apps.cockpit.words import ObjectiveStatus, PlanStatus
from keepwell.apps.customer_pages.widgets.block import Block, Given, Item, Widget


def plan_of(given: Given) -> PlanProgress | None:
    """The newest that is active."""
    active = SuccessPlan.objects.filter(account=given.account, status=PlanStatus.ACTIVE)
    return next(iter(progress_of(active.order_by("-made_at", "-pk")[:1])), None)


def gather(given: Given) -> Block:
    found = plan_of(given)
    if found is None or not found.counted:
        return Block("plan", given.said("plan"), given.said("plan_none"))
    shown = [one for one in found.objectives if one.status != ObjectiveStatus.DROPPED]
    reached = given.said("reached", reached=found.reached, counted=found.counted)
    return Block(
        "plan", given.said("plan"), f"{found.plan.title}: {reached}", progress=(found.reached, found.counted),
        points=[_item(given, one) for one in shown],
    )  # fmt: skip


def _item(given: Given, one: Objective) -> Item:
    label = given.said(f"state_{one.status}")
    day = one.due_on if one.status == ObjectiveStatus.OPEN else one.ended_on
    word = "due" if one.status == ObjectiveStatus.OPEN else "ended"
    when = f"{label}, {given.said(word, day=given.day(day))}" if day else label
    return Item(one.title, str(one.status), when, given.said("measure", measure=one.measure) if one.measure else "")


WIDGET = Widget("plan", "Success plan", "The goals of the newest active plan, and which are reached", gather)
