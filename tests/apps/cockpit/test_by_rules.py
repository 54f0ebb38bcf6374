"""What rules do with calls, and how it is taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from keepwell.apps.access.actors import Person, System
from keepwell.apps.cockpit.models import CallToAction
from keepwell.apps.cockpit.operations.changing import snooze_call
from keepwell.apps.cockpit.operations.closing import close_call
from keepwell.apps.customers.models import Account
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect, RuleRun, Treatment
from keepwell.apps.rules.undoing import undo
from tests.apps.cockpit.opened import publish_playbooks
from tests.apps.conftest import People

pytestmark = pytest.mark.slow
OPEN = {"type": "risk", "reason": "turned_red", "title": "Acme turned red", "priority": "high", "owner": "csm",
        "due": "3 business days", "playbook": "save_plan"}  # fmt: skip
WHY = [{"condition": "label = 'red'", "name": "label", "value": "red"}]


def fired(kind: str, parameters: dict[str, Any]) -> RuleRun:
    """A run of a rule with one effect for Acme, done."""
    number = RuleRun.objects.count()
    now = timezone.now()
    run = RuleRun.objects.create(rule="call_when_red", version="v", cause=f"test {number}", trigger="score",
                                 as_of=now.date(), decided_at=now)  # fmt: skip
    Effect.objects.create(key=f"call_when_red/acme/{number}", run=run, rule="call_when_red", account_id="acme",
                          occurrence=number, place=0, kind=kind, parameters=parameters, reason=WHY)  # fmt: skip
    do_run(run.pk)
    assert Effect.objects.get(run=run).status == "done", Effect.objects.get(run=run).error
    return run


def test_a_rule_opens_a_call_with_its_playbook_and_why(company: Account, people: People, as_owner: Any) -> None:
    publish_playbooks()
    run = fired("open_call", OPEN)
    call = CallToAction.objects.get()
    assert (call.owner, call.origin, call.priority) == (people.owner, "rule", 3)
    assert call.due_on is not None
    assert call.tasks.count() == 3
    assert Treatment.objects.filter(by="playbook:save_plan", account="acme").count() == 1
    page = as_owner.get(f"/cockpit/{call.pk}/").content.decode()
    assert "<strong>Why:</strong>" in page
    assert ": label is red." in page

    undo(System("tests"), run.pk)
    call.refresh_from_db()
    assert (call.status, call.outcome) == ("closed", "withdrawn")
    assert not call.measurements.filter(moment="30").exists(), "what should not have been opened counts for nothing"


def test_a_score_that_flaps_opens_one_call(company: Account, people: People) -> None:
    publish_playbooks()
    runs = [fired("open_call", OPEN) for _ in range(10)]
    call = CallToAction.objects.get()
    assert (call.times_opened, call.tasks.count()) == (10, 3)
    undo(System("tests"), runs[-1].pk)
    call.refresh_from_db()
    assert (call.status, call.times_opened) == ("open", 9), "the tenth is taken back, the call stays"
    told = undo(System("tests"), runs[0].pk)
    assert len(told.stays) == 1, "others asked for it too"
    call.refresh_from_db()
    assert call.status == "open"


def test_what_sleeps_goes_on_sleeping(company: Account, people: People) -> None:
    publish_playbooks()
    fired("open_call", OPEN)
    call = CallToAction.objects.get()
    snooze_call(actor=Person(people.owner), call_id=call.pk, until=timezone.now().date(), reason="They are away")
    fired("open_call", {**OPEN, "priority": "urgent"})
    call.refresh_from_db()
    assert (call.status, call.priority) == ("snoozed", 4)


def test_a_rule_updates_and_closes_what_is_open(company: Account, people: People) -> None:
    publish_playbooks()
    fired("open_call", OPEN)
    about = {"type": "risk", "reason": "turned_red"}
    update = fired("update_call", {**about, "priority": "urgent", "owner": "manager", "comment": "It got worse"})
    call = CallToAction.objects.get()
    assert (call.priority, call.owner, call.comments.get().text) == (4, people.manager, "It got worse")
    undo(System("tests"), update.pk)
    call.refresh_from_db()
    assert (call.priority, call.owner, call.comments.count()) == (3, people.owner, 0)

    close = fired("close_call", {**about, "outcome": "recovered"})
    call.refresh_from_db()
    assert (call.status, call.outcome) == ("closed", "recovered")
    undo(System("tests"), close.pk)
    call.refresh_from_db()
    assert call.status == "open"
    assert call.tasks.filter(status="open").count() == 3
    fired("close_call", {"type": "risk", "reason": "never_opened", "outcome": "recovered"})


def test_what_a_person_closed_stays_closed(company: Account, people: People) -> None:
    publish_playbooks()
    run = fired("open_call", OPEN)
    call = CallToAction.objects.get()
    close_call(actor=Person(people.owner), call_id=call.pk, outcome="failed")
    told = undo(System("tests"), run.pk)
    assert [reason for _, reason in told.stays] == ["the call was closed since; it stays closed"]
