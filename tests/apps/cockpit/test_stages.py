"""What begins when an account comes to a stage, and what rules may ask about calls."""

from __future__ import annotations

import pytest
from django.utils import timezone

from keepwell.apps.cockpit.counting import open_calls_of
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.rules.lifecycle.entering import entered
from keepwell.apps.rules.standing.records import records
from tests.apps.cockpit.opened import PLAYBOOKS, opened, publish_playbooks
from tests.apps.conftest import People

pytestmark = pytest.mark.slow
STAGES = """
  welcome:
    for: lifecycle
    tasks: [{name: kick_off, title: Kick off, after: 1 business days}]
stages:
  onboarding: {order: 1, title: Onboarding, expected: 60 days, playbook: welcome}
"""


def test_the_playbook_of_a_stage_begins_once_a_change(company: Account, people: People) -> None:
    publish_playbooks(PLAYBOOKS.rstrip() + STAGES)
    change = StageChange.objects.create(account=company, stage="onboarding", occurred_at=timezone.now(), author="Ada")
    for _ in range(2):
        entered([change.pk])
    call = CallToAction.objects.get()
    assert (call.type, call.playbook, call.owner, call.times_opened) == ("lifecycle", "welcome", people.owner, 1)
    assert call.reason_words == "Came to Onboarding"
    assert call.due_on is not None
    assert (call.due_on - timezone.now().date()).days == 60
    assert call.tasks.get().title == "Kick off"


def test_rules_know_how_many_calls_are_open(company: Account, people: People) -> None:
    opened(people.owner)
    opened(people.owner, reason_words="Another reason")
    opened(people.owner, "brix")
    assert open_calls_of(None) == {"acme": 2.0, "brix": 1.0}
    table = records(["acme", "cato"]).to_pylist()
    assert {row["account_id"]: row["open_calls"] for row in table} == {"acme": 2.0, "cato": None}
