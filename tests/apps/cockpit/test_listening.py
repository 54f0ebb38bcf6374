"""An account that comes to a stage gets the playbook of that stage, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.cockpit.calendars import today_of
from keepwell.apps.cockpit.listening import open_calls
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.configuration.operations import publish
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.customers.operations.accounts import set_stage
from keepwell.apps.rules.lifecycle.entering import entered
from tests.apps.scored import FILES

STAGES = """
playbooks:
  welcome:
    title: Welcome
    tasks: [{name: hello, title: Say hello, after: 1 business day}, {name: plan, title: Agree on a plan}]
stages:
  starting: {title: Getting started, order: 1, playbook: welcome, expected: 60 days}
  live: {order: 2}
"""


def come_to(stage: str) -> None:
    set_stage(actor=System("test"), account_id="acme", stage=stage)
    for _ in range(2):
        entered(StageChange.objects.filter(author="test").values_list("pk", flat=True))


@pytest.mark.slow
def test_the_playbook_of_a_stage_begins_once_for_each_stay(company: Account) -> None:
    publish(actor=System("test"), files={**FILES, "stages.yaml": STAGES}, note="stages")
    come_to("starting")
    (call,) = CallToAction.objects.all()
    assert (call.title, call.reason_words, call.playbook) == (
        "Getting started: Acme Inc",
        "Came to Getting started",
        "welcome",
    )
    assert call.due_on == today_of(call.owner) + timedelta(days=60), "when the stage should be over"
    assert [task.title for task in call.tasks.order_by("place")] == ["Say hello", "Agree on a plan"]
    assert open_calls(None) == open_calls(["acme"]) == {"acme": 1.0}
    assert open_calls(["brix"]) == {}


@pytest.mark.slow
def test_a_stage_without_a_playbook_begins_nothing(company: Account) -> None:
    publish(actor=System("test"), files={**FILES, "stages.yaml": STAGES}, note="stages")
    Account.objects.filter(pk="acme").update(stage="starting")
    come_to("live")
    assert not CallToAction.objects.exists()
