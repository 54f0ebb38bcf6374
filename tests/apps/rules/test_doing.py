"""Effects are done once, whoever tries and whatever is killed in between."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from keepwell.apps.customers.models import Account, AccountList, StageChange
from keepwell.apps.health.models import Entry
from keepwell.apps.rules.doing import MOST_ATTEMPTS, do_run
from keepwell.apps.rules.models import Effect, EffectStatus, RunStatus
from keepwell.apps.rules.performers import Performer, performer_of, register
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.at_once import at_once
from tests.apps.killing import is_cut
from tests.apps.rules.effects import ACTIONS, run_of, statuses


@pytest.fixture
def watch(company: Account) -> AccountList:
    return AccountList.objects.create(name="Watch")


@pytest.mark.slow
def test_every_action_is_done_and_noted(watch: AccountList) -> None:
    run = run_of(*ACTIONS)
    do_run(run.pk)
    run.refresh_from_db()
    assert (run.status, statuses(run)) == (RunStatus.DONE, ["done"] * 4)
    assert _made() == (1, 1, 1, 1)
    assert Account.objects.get(pk="acme").stage == "at risk"
    entry = Entry.objects.get(source="rule")
    assert (entry.score, entry.author, entry.comment) == (20, "rule call_when_red", "turned red")
    assert entry.expires_at is not None


@pytest.mark.slow
def test_doing_it_again_changes_nothing(watch: AccountList) -> None:
    run = run_of(*ACTIONS)
    do_run(run.pk)
    do_run(run.pk)
    assert _made() == (1, 1, 1, 1)


@pytest.mark.faults
@pytest.mark.slow
def test_a_kill_before_any_statement_loses_nothing_and_doubles_nothing(watch: AccountList) -> None:
    """Each cut starts from the same place: a savepoint stands for the database as it was before the run."""
    statement = 0
    cut = True
    while cut:
        statement += 1
        with transaction.atomic():
            run = run_of(*ACTIONS)
            cut = is_cut(partial(do_run, run.pk), statement)
            do_run(run.pk)
            assert (statuses(run), _made()) == (["done"] * 4, (1, 1, 1, 1)), statement
            transaction.set_rollback(True)
    assert statement > 40


@pytest.mark.slow
def test_after_a_refusal_the_rest_of_that_account_is_left_out(company: Account) -> None:
    run = run_of(("add_to_list", {"list": "Nowhere"}), ACTIONS[1], accounts=("acme", "brix"))
    do_run(run.pk)
    assert statuses(run) == ["failed", "skipped", "failed", "skipped"]
    failed = Effect.objects.filter(run=run, status=EffectStatus.FAILED).first()
    assert failed is not None
    assert "there is no list 'Nowhere'" in failed.error


def test_a_rule_may_say_that_the_next_goes_on(company: Account) -> None:
    run = run_of(("add_to_list", {"list": "Nowhere"}), ACTIONS[1], goes_on=True)
    do_run(run.pk)
    assert statuses(run) == ["failed", "done"]


@pytest.fixture
def breaking() -> Iterator[list[str]]:
    """An action that nobody foresaw to break, and the accounts it was tried for."""
    tried: list[str] = []

    def perform(effect: Effect) -> dict[str, Any]:
        tried.append(effect.account_id)
        raise ZeroDivisionError

    whole = performer_of("log")
    register("log", Performer(perform, whole.undo, "logs", "entry"))
    yield tried
    register("log", whole)


def test_what_nobody_foresaw_is_tried_again_and_then_given_up(company: Account, breaking: list[str]) -> None:
    run = run_of(ACTIONS[2], ACTIONS[1], accounts=("acme", "brix"))
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(ZeroDivisionError):
            do_run(run.pk)
        assert statuses(run) == ["waiting"] * 4
    do_run(run.pk)
    assert statuses(run) == ["failed", "skipped", "failed", "skipped"]
    assert sorted(breaking) == ["acme"] * MOST_ATTEMPTS + ["brix"] * MOST_ATTEMPTS


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_effect_once(watch: AccountList) -> None:
    run = run_of(*ACTIONS, accounts=("acme", "brix", "cato", "dune"))
    assert at_once(partial(do_run, run.pk)) == []
    assert statuses(run) == ["done"] * 16
    assert _made() == (4, 4, 4, 4)


def _made() -> tuple[int, int, int, int]:
    """Scores, stages, entries and places in the list that the rule made."""
    return (
        Entry.objects.filter(source="rule").count(),
        StageChange.objects.filter(author="rule call_when_red").count(),
        TimelineEntry.objects.filter(title="Turned red").count(),
        Account.lists.through.objects.count(),
    )
