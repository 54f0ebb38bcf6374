"""Owners who leave, playbooks that go, calls that sleep, dates that move."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person
from keepwell.apps.cockpit.models import CallToAction, Task
from keepwell.apps.cockpit.operations.changing import move_due, snooze_call
from keepwell.apps.cockpit.operations.playbooks import apply_playbook
from keepwell.apps.cockpit.operations.tasks import do_task, undo_task
from keepwell.apps.cockpit.tending import pass_on, wake_up
from keepwell.apps.customers.models import Account
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.cockpit.opened import PLAYBOOKS, opened, publish_playbooks
from tests.apps.conftest import People

pytestmark = pytest.mark.slow


def test_work_of_who_left_is_passed_on_and_says_so(company: Account, people: People, as_manager: Client) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    assert pass_on() == 0
    people.owner.is_active = False
    people.owner.save()
    assert "has left; the call is passed on" in as_manager.get(f"/cockpit/{call.pk}/").content.decode()
    assert pass_on() > 0
    assert pass_on() == 0
    call.refresh_from_db()
    assert (call.owner, call.passed_from) == (people.manager, "Ada"), "the manager of the team stands in"
    assert not Task.objects.filter(owner=people.owner).exists()
    assert "passed on from Ada, who left" in as_manager.get(f"/cockpit/{call.pk}/").content.decode()


def test_a_playbook_that_goes_leaves_its_tasks_as_they_were(company: Account, people: People, as_owner: Client) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    version = call.runs.get().version
    publish_playbooks("playbooks:\n  rescue:\n    tasks: [{name: begin, title: Begin anew}]\n")
    page = as_owner.get(f"/cockpit/{call.pk}/").content.decode()
    assert "Call the sponsor" in page
    assert f"version {version}" in page
    assert "no longer among the playbooks" in page
    assert "no longer in force" in as_owner.get("/cockpit/playbooks/").content.decode()


def test_another_playbook_takes_the_place_and_what_was_done_stays(company: Account, people: People) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    actor = Person(people.owner)
    do_task(actor=actor, task_id=call.tasks.get(name="call_sponsor").pk)
    apply_playbook(actor=actor, call_id=call.pk, playbook="rescue")
    assert list(call.tasks.values_list("name", "status")) == [("call_sponsor", "done"), ("begin", "open")]
    assert [run.replaced_at is None for run in call.runs.order_by("pk")] == [False, True]
    apply_playbook(actor=actor, call_id=call.pk, playbook="rescue")
    assert call.tasks.count() == 2, "the same version again changes nothing"
    publish_playbooks(PLAYBOOKS.replace("Begin anew", "Begin quite anew"))
    apply_playbook(actor=actor, call_id=call.pk, playbook="rescue")
    assert call.tasks.get(status="open").title == "Begin quite anew"


def test_tasks_that_follow_are_due_from_the_day_it_was_done(company: Account, people: People) -> None:
    publish_playbooks()
    call = opened(people.owner, playbook="save_plan")
    today = timezone.now().date()
    first, second = call.tasks.get(name="call_sponsor"), call.tasks.get(name="join")
    assert first.due_on is not None
    assert second.due_on == first.due_on + timedelta(days=3)
    do_task(actor=Person(people.owner), task_id=first.pk)
    second.refresh_from_db()
    assert second.due_on == today + timedelta(days=3)
    told = TimelineEntry.objects.filter(title="Done: Call the sponsor")
    assert told.count() == 1
    undo_task(actor=Person(people.owner), task_id=first.pk)
    assert told.count() == 0, "what did not happen is on no timeline"


def test_a_date_that_moves_takes_open_tasks_along(company: Account, people: People) -> None:
    publish_playbooks()
    friday = timezone.now().date()
    friday += timedelta(days=(4 - friday.weekday()) % 7 + 28)
    call = opened(people.owner, playbook="rescue", due=friday)
    task = call.tasks.get()
    task.due_on = friday
    task.save()
    moved = move_due(actor=Person(people.owner), call_id=call.pk, due_on=friday + timedelta(days=3), with_tasks=True)
    task.refresh_from_db()
    assert (moved, task.due_on) == (1, friday + timedelta(days=3)), "Friday to Monday is one business day"


def test_what_sleeps_wakes_up_when_its_last_day_is_over(company: Account, people: People) -> None:
    call = opened(people.owner)
    today = timezone.now().date()
    snooze_call(actor=Person(people.owner), call_id=call.pk, until=today, reason="They are away")
    assert wake_up() == 0, "through that day it sleeps"
    CallToAction.objects.update(snoozed_until=today - timedelta(days=1))
    assert wake_up() == 1
    call.refresh_from_db()
    assert (call.status, call.snoozed_until, call.snooze_reason) == ("open", None, "")
