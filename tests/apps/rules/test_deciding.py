"""Scores set rules in motion: what follows is written once, with its reason, and is done by a job."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from django.db import transaction

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Account, AccountList
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.models import CurrentHealth, Run, ScoreNews
from keepwell.apps.health.overriding import override_score
from keepwell.apps.health.scored import latest_run
from keepwell.apps.notices.models import Notice
from keepwell.apps.rules.deciding.details import considered
from keepwell.apps.rules.deciding.news import after_news, after_run, by_hand
from keepwell.apps.rules.deciding.stopping import note_refused
from keepwell.apps.rules.doing import do_run
from keepwell.apps.rules.models import Effect, EffectStatus, RuleRun, RunStatus, Stopped, Treatment
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.at_once import at_once
from tests.apps.killing import is_cut
from tests.apps.rules.published import CALM, publish_rules


@pytest.fixture
def run(company: Account) -> Run:
    AccountList.objects.create(name="Watch")
    publish_rules(CALM)
    ScoreNews.objects.all().delete()
    found = latest_run()
    assert found is not None
    return found


def red() -> set[str]:
    return set(CurrentHealth.objects.filter(label="red").values_list("account_id", flat=True))


@pytest.mark.slow
def test_a_run_of_scores_sets_rules_in_motion(run: Run) -> None:
    (decided,) = after_run(run.pk)
    assert red()
    assert (decided.considered, decided.matching, decided.fired) == (6, len(red()), len(red()))
    do_run(decided.pk)
    assert set(AccountList.objects.get(name="Watch").accounts.values_list("pk", flat=True)) == red()
    entry = TimelineEntry.objects.filter(title__endswith=" is red").first()
    assert entry is not None
    assert entry.text.startswith("The score is ")


@pytest.mark.slow
def test_the_reason_stands_with_each_effect(run: Run) -> None:
    (decided,) = after_run(run.pk)
    reasons = [one.reason for one in Effect.objects.filter(run=decided)]
    assert {(why["condition"], why["name"], why["value"]) for one in reasons for why in one} == {
        ("label = 'red'", "label", "red")
    }


@pytest.mark.slow
def test_texts_are_filled_with_whatever_expressions_know(run: Run) -> None:
    asked = "{measure.active_days}; {group.adoption}; {active_days}; {days_in_band}; {open_calls}; {stage}"
    publish_rules(CALM.replace("The score is {score}", asked))
    (decided,) = after_run(run.pk)
    texts = [one.parameters["text"].split("; ") for one in Effect.objects.filter(run=decided, kind="log")]
    assert texts
    assert all("-" not in one[:5] for one in texts)


@pytest.mark.slow
def test_who_was_considered_can_be_seen_with_what_was_looked_at(run: Run) -> None:
    (decided,) = after_run(run.pk)
    table = considered(decided.details, decided.rule)
    assert table is not None
    matching = {row["account_id"] for row in table.to_pylist() if row["matches"]}
    assert (table.num_rows, matching) == (6, red())
    assert set(table["label"].to_pylist()) == set(CurrentHealth.objects.values_list("label", flat=True))


@pytest.mark.slow
def test_the_same_run_is_decided_once(run: Run) -> None:
    assert after_run(run.pk)
    assert after_run(run.pk) == []
    assert RuleRun.objects.count() == 1


@pytest.mark.slow
def test_nothing_is_done_again_while_the_condition_holds(run: Run) -> None:
    after_run(run.pk)
    later = by_hand("watch_red", "Mo", datetime.now(UTC))
    assert [one.fired for one in later] == [0]
    assert later[0].status == RunStatus.DONE


@pytest.mark.slow
def test_an_account_that_is_scored_again_is_looked_at_at_once(run: Run) -> None:
    (decided,) = after_run(run.pk)
    do_run(decided.pk)
    (account, *_) = sorted(red())
    enter_score(actor=System("test"), account_id=account, measure="sentiment", score=100)
    _raise(account)
    (ended,) = after_news()
    do_run(ended.pk)
    assert [(one.part, one.kind) for one in ended.effects.all()] == [("until", "remove_from_list")]
    assert account not in AccountList.objects.get(name="Watch").accounts.values_list("pk", flat=True)
    assert not ScoreNews.objects.exists()


def _raise(account: str) -> None:
    """The score of the account goes where red is not, as a person sees to it."""
    override_score(actor=System("test"), account_id=account, effect="set", value="green", reason="a new contract")


@pytest.mark.slow
def test_news_without_rules_costs_nothing_and_goes(company: Account) -> None:
    enter_score(actor=System("test"), account_id="acme", measure="sentiment", score=1)
    assert ScoreNews.objects.filter(account_id="acme").exists()
    assert after_news() == []
    assert not ScoreNews.objects.exists()


@pytest.mark.slow
def test_too_many_effects_wait_for_approval(run: Run) -> None:
    publish_rules(CALM.replace("    when: label = 'red'\n", "    when: label = 'red'\n    approval_above: 1\n", 1))
    (decided,) = after_run(run.pk)
    assert decided.status == RunStatus.WAITING
    do_run(decided.pk)
    assert not AccountList.objects.get(name="Watch").accounts.exists()


@pytest.mark.slow
def test_who_is_held_out_is_noted_and_left_alone(run: Run) -> None:
    publish_rules(CALM.replace("    when: label = 'red'\n", "    when: score >= 0\n    hold_out: 50%\n", 1))
    (decided,) = after_run(run.pk)
    do_run(decided.pk)
    out = set(Treatment.objects.filter(is_held_out=True).values_list("account_id", flat=True))
    treated = set(Treatment.objects.filter(is_held_out=False).values_list("account_id", flat=True))
    assert len(out) == decided.held_out
    assert len(out | treated) == len(out) + len(treated) == 6
    assert set(AccountList.objects.get(name="Watch").accounts.values_list("pk", flat=True)) == treated
    assert Effect.objects.filter(account__in=out).exclude(status=EffectStatus.HELD_OUT).count() == 0


@pytest.mark.slow
def test_a_rule_whose_column_vanished_stops_and_says_so_once(run: Run) -> None:
    for _ in range(2):
        note_refused(["watch_red"], {"watch_red": "'when': there is no name seats any more"})
    assert Stopped.objects.get().reason.endswith("seats any more")
    assert Notice.objects.filter(kind="rule_stopped").values("user").distinct().count() == 2
    assert Notice.objects.filter(kind="rule_stopped").count() == 2
    note_refused(["watch_red"], {})
    assert not Stopped.objects.exists()


@pytest.mark.slow
def test_ends_of_rules_are_dated(run: Run) -> None:
    (decided,) = after_run(run.pk)
    assert decided.as_of == run.as_of
    assert decided.decided_at <= datetime.now(UTC)


@pytest.mark.faults
@pytest.mark.slow
def test_a_kill_before_any_statement_of_a_decision_loses_nothing_and_doubles_nothing(run: Run) -> None:
    statement, cut = 0, True
    while cut:
        statement += 1
        with transaction.atomic():
            cut = is_cut(partial(after_run, run.pk), statement)
            after_run(run.pk)
            (decided,) = RuleRun.objects.all()
            do_run(decided.pk)
            assert set(AccountList.objects.get(name="Watch").accounts.values_list("pk", flat=True)) == red()
            assert Treatment.objects.count() == Effect.objects.count() / 2 == len(red())
            transaction.set_rollback(True)
    assert statement > 15


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_decide_one_run_once(run: Run) -> None:
    assert at_once(partial(after_run, run.pk)) == []
    assert RuleRun.objects.count() == 1
    assert Effect.objects.count() == 2 * len(red())
