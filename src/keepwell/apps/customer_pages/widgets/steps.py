"""What comes next: what the CSM wrote, and goals of the plan that are open, the soonest first."""

from __future__ import annotations

from datetime import date

from keepwell.apps.cockpit.words import ObjectiveStatus
from keepwell.apps.customer_pages.widgets.block import Block, Given, Item, Widget
from keepwell.apps.customer_pages.widgets.plan import plan_of

_MOST = 5


def gather(given: Given) -> Block:
    found = plan_of(given)
    objectives = found.objectives if found else ()
    dated = [one for one in objectives if one.status == ObjectiveStatus.OPEN and one.due_on]
    soon = sorted(dated, key=lambda one: (one.due_on or date.max, one.place))[:_MOST]
    items = [Item(line) for line in given.content.steps]
    items += [Item(one.title, label=given.said("due", day=given.day(one.due_on))) for one in soon if one.due_on]
    return Block("steps", given.said("steps"), "" if items else given.said("steps_none"), points=items)


WIDGET = Widget("steps", "Next steps", "What you write below, and open goals of the plan with their dates", gather)
