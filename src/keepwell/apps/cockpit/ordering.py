"""What comes first: revenue times what the score lacks, more the nearer the renewal is; and the same in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account
from keepwell.apps.health.dating import dates
from keepwell.apps.ui.formatting import compact, score_text

NEAR_DAYS = 90
UNKNOWN_SCORE = 50.0
"""What an account without a score counts as."""

ORDERS = {
    "value": ("Value at risk", ("-at_risk", "due_on", "pk")),
    "due": ("Due date", ("due_on", "-at_risk", "pk")),
    "priority": ("Priority", ("-priority", "due_on", "pk")),
    "newest": ("Newest", ("-opened_at", "-pk")),
    "account": ("Account", ("account__name", "pk")),
}
"""Orders of the list: title and fields."""


@dataclass(frozen=True)
class AtRisk:
    """`value`: what the order goes by. `words`: how it came about."""

    value: float
    words: str


def ordered(calls: QuerySet[CallToAction], order: str) -> QuerySet[CallToAction]:
    """What has no date comes last, as the database has it. The value at risk is as of a minute ago at most."""
    return calls.order_by(*ORDERS.get(order, ORDERS["value"])[1])


def at_risk(account: Account, today: date | None = None) -> AtRisk:
    """The same for one account, with its reason: 62k at risk: 100k ARR, of which a score of 38 leaves 62%."""
    health = getattr(account, "health", None)
    score = health.score if health is not None and health.score is not None else None
    lacking = (100 - (UNKNOWN_SCORE if score is None else score)) / 100
    left = (account.renews_on - (today or dates().shown)).days if account.renews_on else None
    is_near = left is not None and 0 <= left <= NEAR_DAYS
    weight = 2 - left / NEAR_DAYS if is_near and left is not None else 1.0
    value = (account.arr or 0) * lacking * weight
    return AtRisk(value, _words(account, score, lacking, left if is_near else None, weight))


def _words(account: Account, score: float | None, lacking: float, left: int | None, weight: float) -> str:
    if not account.arr:
        return "no revenue is known, so nothing counts as at risk"
    of = f"a score of {score_text(score)}" if score is not None else "no score"
    words = f"{compact(account.arr)} ARR, of which {of} leaves {lacking:.0%} at risk"
    if left is None:
        return words
    near = "today" if left == 0 else f"in {left} day{'' if left == 1 else 's'}"
    return f"{words}; renews {near}, so it counts {weight:.1f} times"
