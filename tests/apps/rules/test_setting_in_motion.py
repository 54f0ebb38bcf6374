"""Schedules, moves between stages, milestones, events and other rules set rules in motion, each moment once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from keepwell.apps.access.actors import System
from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.customers.operations.accounts import set_stage
from keepwell.apps.health.models import Run, RunStatus
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.loads import loaded, note_heard
from keepwell.apps.rules.deciding.news import after_run, by_rule, on_occasions
from keepwell.apps.rules.lifecycle.entering import _ENTERED, entered, register_entered
from keepwell.apps.rules.models import Effect, Milestone, Occasion, RuleRun
from keepwell.apps.rules.occasions import forget_old, note_occasions
from keepwell.apps.rules.schedules import act_on_schedules
from tests.apps.rules.published import publish_rules

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

ON = """
rules:
  told:
    on: [{on}]
    when: score >= 0
    actions: [{{log: {{title: Told}}}}]
"""


def fired() -> list[tuple[str, int]]:
    return list(RuleRun.objects.order_by("pk").values_list("trigger", "fired"))


@pytest.fixture
def run(company: Account) -> Run:
    found = latest_run()
    assert found is not None
    return found


@pytest.mark.slow
def test_a_schedule_is_due_once(run: Run) -> None:
    publish_rules(ON.format(on="{schedule: every day at 08:00}"))
    assert act_on_schedules(NOON) == 0  # from now on
    assert act_on_schedules(NOON + timedelta(hours=19)) == 0
    assert act_on_schedules(NOON + timedelta(hours=20)) == 1
    assert act_on_schedules(NOON + timedelta(hours=21)) == 0
    assert fired() == [("schedule every day at 08:00", 6)]


@pytest.mark.slow
def test_what_was_due_many_times_while_nobody_looked_is_done_once(run: Run) -> None:
    publish_rules(ON.format(on="{schedule: every hour}"))
    act_on_schedules(NOON)
    assert act_on_schedules(NOON + timedelta(days=3)) == 1
    assert act_on_schedules(NOON + timedelta(days=3, minutes=59)) == 0


@pytest.mark.slow
def test_a_run_of_scores_starts_no_rule_of_a_schedule(run: Run) -> None:
    publish_rules(ON.format(on="{schedule: every hour}"))
    assert after_run(run.pk) == []


@pytest.mark.slow
def test_a_move_to_a_stage_is_heard_of(run: Run) -> None:
    publish_rules(ON.format(on="{stage_change: at_risk}") + "stages: {at_risk: {order: 1}}")
    for stage in ("at_risk", "live"):
        set_stage(actor=System("test"), account_id="acme", stage=stage)
    entered(StageChange.objects.filter(author="test").values_list("pk", flat=True))
    on_occasions()
    assert fired() == [("came to the stage at_risk", 1)]


@pytest.mark.slow
def test_each_move_is_a_moment_of_its_own_and_heard_of_once(run: Run) -> None:
    publish_rules(ON.format(on="stage_change"))
    for stage in ("at_risk", "live", "at_risk"):
        set_stage(actor=System("test"), account_id="acme", stage=stage)
        for _ in range(2):
            entered(StageChange.objects.filter(author="test").values_list("pk", flat=True))
            on_occasions()
    assert [count for _, count in fired()] == [1, 1, 1]


@pytest.mark.slow
def test_an_event_starts_the_rules_that_fit_it_for_its_account(run: Run) -> None:
    publish_rules(ON.format(on="{event: cancelled}"))
    note_occasions("event", [("told", "acme", "1/acme"), ("told", "acme", "1/acme")])
    on_occasions()
    assert fired() == [("an event of the product", 1)]


@pytest.mark.slow
def test_each_event_of_a_batch_fires_where_the_rule_may_fire_again(run: Run) -> None:
    publish_rules(ON.format(on="{event: cancelled}"))
    accounts = ("acme", "brix", "acme", "acme")
    note_occasions("event", [("told", account, str(number)) for number, account in enumerate(accounts)])
    on_occasions()
    assert fired() == [("an event of the product", count) for count in (2, 1, 1)]
    assert sorted(Effect.objects.values_list("account_id", "occurrence")) == [
        ("acme", 1), ("acme", 2), ("acme", 3), ("brix", 1),
    ]  # fmt: skip


@pytest.mark.slow
def test_of_a_batch_no_more_fire_than_repeat_allows(run: Run) -> None:
    publish_rules(ON.format(on="{event: cancelled}").replace("    when", "    repeat: {at_most: 2, per: 7}\n    when"))
    note_occasions("event", [("told", "acme", str(number)) for number in range(4)])
    on_occasions()
    assert Effect.objects.count() == 2
    publish_rules(ON.format(on="{event: cancelled}").replace("    when", "    repeat: {cool_down: 1}\n    when"))
    note_occasions("event", [("told", "brix", f"b{number}") for number in range(4)])
    on_occasions()
    assert Effect.objects.filter(account="brix").count() == 1
    assert not Occasion.objects.filter(seen_at=None).exists()


@pytest.mark.slow
def test_rows_that_a_run_read_which_nobody_looked_at_are_heard_of_with_the_next(run: Run) -> None:
    publish_rules(ON.format(on="{load: tickets}"))
    note_heard(Run(pk=-1, facts={"tickets": 1, "usage": 5}))
    Run.objects.create(pk=0, as_of=run.as_of, known_at=run.known_at - timedelta(hours=1), status=RunStatus.DONE,
                       facts={"tickets": 2, "usage": 5})  # fmt: skip
    run.facts = {"tickets": 2, "usage": 5}
    run.save()
    after_run(run.pk)
    assert [(one.cause, one.fired) for one in RuleRun.objects.all()] == [(f"run:{run.pk}:load:tickets", 6)]
    assert loaded(run) == []
    after_run(run.pk)
    assert RuleRun.objects.count() == 1


def test_moments_of_accounts_that_are_gone_are_done_with(run: Run) -> None:
    publish_rules(ON.format(on="stage_change"))
    note_occasions("stage_change", [("live", "nobody", "1")])
    on_occasions()
    assert (fired(), Occasion.objects.filter(seen_at=None).count()) == ([], 0)
    forget_old(datetime.now(UTC) + timedelta(days=91))
    assert not Occasion.objects.exists()


@pytest.mark.slow
def test_another_rule_starts_one_for_one_account(run: Run) -> None:
    publish_rules(ON.format(on="{schedule: every hour}"))
    for _ in range(2):
        by_rule("told", "brix", 7)
    assert fired() == [("another rule", 1)]


STAGES = """
rules:
  late:
    on: [milestone_overdue]
    when: days_overdue_milestone >= 1
    actions: [{log: {title: "Late by {days_overdue_milestone}"}}]
stages:
  onboarding:
    order: 1
    enter: days_in_stage is null or days_in_stage >= 0
    exit: score >= 60
    milestones:
      first_value: {due: 30 days, reached: score >= 60}
      never_reached: {due: 1 day, reached: score > 100}
  live: {order: 2, enter: score >= 60}
"""


@pytest.mark.slow
def test_criteria_move_accounts_and_their_history_says_why(run: Run) -> None:
    Account.objects.update(stage="onboarding")
    publish_rules(STAGES)
    after_run(run.pk)
    moved = StageChange.objects.filter(author="stage criteria")
    assert moved.exists()
    assert {one.account.stage for one in moved} == {"live"}
    assert {one.reason for one in moved} == {"the criteria of live are met"}
    assert set(Account.objects.filter(stage="live").values_list("health__label", flat=True)) <= {"yellow", "green"}


@pytest.mark.slow
def test_a_milestone_is_late_reached_or_over(run: Run) -> None:
    Account.objects.filter(pk="zeta").update(stage="onboarding")
    StageChange.objects.filter(account="zeta").delete()
    StageChange.objects.create(account_id="zeta", stage="onboarding", author="test",
                               occurred_at=datetime(2026, 2, 1, tzinfo=UTC))  # fmt: skip
    publish_rules(STAGES)
    after_run(run.pk)
    on_occasions()
    late = Milestone.objects.get(account="zeta", name="never_reached")
    assert (late.due_on, late.reached_on, late.left_on) == (date(2026, 2, 2), None, None)
    (_, count) = fired()[-1]
    assert count == 1
    set_stage(actor=System("test"), account_id="zeta", stage="live")
    after_run_again(run)
    late.refresh_from_db()
    assert late.left_on == run.as_of


def after_run_again(run: Run) -> None:
    RuleRun.objects.all().delete()
    after_run(run.pk)


def test_what_belongs_to_a_stage_begins_when_an_account_comes_there(run: Run) -> None:
    publish_rules(STAGES)
    begun: list[tuple[str, int]] = []
    register_entered(lambda change, stage: begun.append((change.account_id, stage.order)))
    try:
        set_stage(actor=System("test"), account_id="acme", stage="onboarding")
        set_stage(actor=System("test"), account_id="brix", stage="a word of the source")
        entered(StageChange.objects.filter(author="test").values_list("pk", flat=True))
    finally:
        _ENTERED.pop()
    assert begun == [("acme", 1)]
