"""A run is taken back as far as nothing newer stands on it, and says what stays."""

from __future__ import annotations

import pytest

from keepwell.apps.access.actors import Forbidden, Person, System
from keepwell.apps.audit.models import Change
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.customers.operations.accounts import set_stage
from keepwell.apps.health.entering import latest_entry
from keepwell.apps.health.models import CurrentHealth
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect, RunStatus
from keepwell.apps.rules.operations import approve, reject, try_again, undo_run
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.errors import RequestRefused
from tests.apps.conftest import People
from tests.apps.rules.effects import ACTIONS, run_of, statuses


@pytest.fixture
def manager(people: People) -> Person:
    return Person(people.manager)


@pytest.mark.slow
def test_what_was_set_returns_to_what_stood_there(company: Account, manager: Person) -> None:
    AccountList.objects.create(name="Watch")
    before = _standing()
    run = run_of(*ACTIONS)
    do_run(run.pk)
    assert _standing() != before
    undone = undo_run(actor=manager, run_id=run.pk)
    assert (undone.taken_back, undone.stays) == (4, [])
    assert (_standing(), statuses(run)) == (before, ["undone"] * 4)
    assert Change.objects.filter(action="undid", actor="Mo", object_name="call_when_red").exists()


@pytest.mark.slow
def test_a_score_of_another_rule_counts_again(company: Account, manager: Person) -> None:
    first = run_of(("set_score", {"measure": "sentiment", "score": 70}))
    second = run_of(ACTIONS[0])
    do_run(first.pk)
    do_run(second.pk)
    undo_run(actor=manager, run_id=second.pk)
    entry = latest_entry("acme", "sentiment", "rule")
    assert entry is not None
    assert (entry.score, entry.expires_at) == (70, None)


@pytest.mark.slow
def test_what_somebody_changed_since_stays_and_is_said(company: Account, manager: Person) -> None:
    run = run_of(ACTIONS[1], ACTIONS[2])
    do_run(run.pk)
    set_stage(actor=System("test"), account_id="acme", stage="recovering")
    undone = undo_run(actor=manager, run_id=run.pk)
    assert undone.taken_back == 1
    ((effect, why),) = undone.stays
    assert (effect.kind, why) == ("set_stage", "the account is in the stage 'recovering' since; it stays there")
    assert Account.objects.get(pk="acme").stage == "recovering"
    assert Effect.objects.get(pk=effect.pk).error == f"could not be undone: {why}"


@pytest.mark.slow
def test_a_run_is_undone_once(company: Account, manager: Person) -> None:
    run = run_of(ACTIONS[1])
    do_run(run.pk)
    undo_run(actor=manager, run_id=run.pk)
    with pytest.raises(RequestRefused, match="this run is undone: there is nothing to undo"):
        undo_run(actor=manager, run_id=run.pk)


def test_nothing_is_done_before_it_is_approved(company: Account, manager: Person) -> None:
    run = run_of(ACTIONS[1], status="proposed")
    type(run).objects.filter(pk=run.pk).update(status=RunStatus.WAITING)
    do_run(run.pk)
    assert statuses(run) == ["proposed"]
    approve(actor=manager, run_id=run.pk)
    do_run(run.pk)
    assert statuses(run) == ["done"]


def test_what_was_rejected_is_never_done(company: Account, manager: Person) -> None:
    run = run_of(ACTIONS[1], status="proposed")
    type(run).objects.filter(pk=run.pk).update(status=RunStatus.WAITING)
    reject(actor=manager, run_id=run.pk, remark="a known outage")
    do_run(run.pk)
    assert statuses(run) == ["withdrawn"]
    with pytest.raises(RequestRefused, match="waits for no approval: it is rejected"):
        approve(actor=manager, run_id=run.pk)


def test_what_failed_is_tried_again_when_asked(company: Account, manager: Person) -> None:
    run = run_of(ACTIONS[3], ACTIONS[1])
    do_run(run.pk)
    AccountList.objects.create(name="Watch")
    assert try_again(actor=manager, run_id=run.pk) == 2
    do_run(run.pk)
    assert statuses(run) == ["done", "done"]


def test_a_csm_neither_approves_nor_undoes(company: Account, people: People) -> None:
    run = run_of(ACTIONS[1])
    do_run(run.pk)
    for operation in (approve, undo_run, reject, try_again):
        with pytest.raises(Forbidden):
            operation(actor=Person(people.owner), run_id=run.pk)


def _standing() -> tuple[object, ...]:
    account, health = Account.objects.get(pk="acme"), CurrentHealth.objects.get(pk="acme")
    entry = latest_entry("acme", "sentiment", "rule")
    return (
        account.stage,
        round(health.score or 0, 6),
        entry.score if entry else None,
        account.lists.count(),
        TimelineEntry.objects.filter(account=account, title="Turned red").count(),
    )
