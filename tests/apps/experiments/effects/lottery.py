"""A rule that plays a plan with half of the accounts and holds the others out, drawn so that it helps."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.operations import publish
from keepwell.apps.rules.models import Treatment
from tests.apps.experiments.conftest import ACCOUNTS, DATED
from tests.apps.scored import TODAY

DAY = TODAY - timedelta(days=110)
RULE, PLAYBOOK, CALL = "rule:save", "playbook:save_plan", "call:risk"
RULES = """\
rules:
  save:
    when: score >= 0
    hold_out: 50%
    actions: [{open_call: {type: risk, reason: quiet, title: Call them, playbook: save_plan}}]
playbooks:
  save_plan: {title: Save plan, for: risk, tasks: [{name: call, title: Call them, after: 2 business days}]}
"""


def drawn() -> None:
    """Those who are drawn are those that stay, mostly: of every four, the two that leave seldom."""
    published = publish(actor=System("tests"), files={**DATED, "rules.yaml": RULES}, note="A rule with a hold-out")
    version = published.hashes["rules"]["save"]
    at = datetime.combine(DAY, time(12), UTC)
    for number in range(ACCOUNTS):
        held, account = number % 4 in (1, 2), f"a{number:02}"
        Treatment.objects.create(by=RULE, version=version, account_id=account, occurrence="1", is_held_out=held,
                                 occurred_at=at)  # fmt: skip
        if not held:
            _played(account, at + timedelta(hours=1))


def _played(account: str, at: datetime) -> None:
    """What the rule did: a call, and its playbook."""
    call = CallToAction.objects.create(account_id=account, type="risk", reason="quiet", title="Call them",
                                       opened_at=at, last_opened_at=at)  # fmt: skip
    Treatment.objects.create(by=PLAYBOOK, version="p1", account_id=account, occurrence=f"call:{call.pk}",
                             occurred_at=at)  # fmt: skip
