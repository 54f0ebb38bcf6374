"""Writes: somebody says that a score feels wrong. It changes no score; it is kept for learning."""

from __future__ import annotations

from django.db import transaction

from keepwell.apps.access.actors import Actor, require
from keepwell.apps.access.roles import Permission
from keepwell.apps.audit.operations import record
from keepwell.apps.configuration.queries import current_project
from keepwell.apps.customers.queries import account_for
from keepwell.apps.health.models import CurrentHealth, Feedback
from keepwell.definitions.names import unknown
from keepwell.errors import FieldRefused, RequestRefused

LONGEST = 2000


@transaction.atomic
def say_it_feels_wrong(*, actor: Actor, account_id: str, expected: str, reason: str, measure: str = "") -> Feedback:
    """Keeps the score as it is shown now beside what was expected; `measure`: what of it feels wrong.

    Raises RequestRefused without score or reason, and FieldRefused for a measure that the account's card does not have.
    """
    account = account_for(actor, account_id)
    require(actor, Permission.WRITE)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST:
        raise RequestRefused(f"say in 1 to {LONGEST} characters why it feels wrong; this has {len(reason)}")
    health = CurrentHealth.objects.filter(account=account).first()
    if health is None:
        raise RequestRefused(f"{account.name} has no score yet that could feel wrong; wait for the next run")
    _refuse_strange(health.scorecard, measure)
    feedback = Feedback.objects.create(
        account=account, user=actor.user, author=actor.name, as_of=health.as_of, shown_score=health.score,
        shown_label=health.label, expected_label=expected, reason=reason,
        measure=measure,
    )  # fmt: skip
    said = {"shown": health.label, "expected": expected, "measure": measure, "reason": reason}
    record(actor, "questioned", kind="score", of=feedback.pk, name=account.name, account_id=account.pk, after=said)
    return feedback


def _refuse_strange(scorecard: str, measure: str) -> None:
    project = current_project()
    card = project.scorecards.get(scorecard) if project else None
    if measure and (card is None or measure not in card.measures):
        raise FieldRefused("measure", unknown("measure", measure, card.measures if card else ()))
