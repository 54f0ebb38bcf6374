"""Stages in order, the accounts of one, an account moved by hand: each person sees their own accounts alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from keepwell.apps.customers.models import Account, StageChange
from keepwell.apps.health.models import Run
from keepwell.apps.health.scored import latest_run
from keepwell.apps.rules.deciding.news import after_run
from keepwell.apps.rules.lifecycle.entering import entered
from keepwell.apps.rules.models import Effect, Milestone, RuleRun
from keepwell.apps.timeline.models import TimelineEntry
from tests.apps.rules.published import publish_rules

pytestmark = pytest.mark.slow

STAGES = """
stages:
  onboarding:
    order: 1
    help: The first weeks.
    enter: score > 1000
    exit: score > 1000
    expected: 20 days
    milestones:
      first_value: {title: First value, due: 10 days, reached: score > 1000}
      scored: {title: A score, due: 5 days, reached: score >= 0}
      later: {title: Later, due: 400 days, reached: score > 1000}
  live: {order: 2}
rules:
  long: {when: stage = 'onboarding' and days_in_stage > 20, actions: [{log: {title: Too long}}]}
"""


@pytest.fixture
def run(company: Account) -> Run:
    """All accounts in onboarding for 30 days, zeta for 10, dune in no stage."""
    found = latest_run()
    assert found is not None
    StageChange.objects.all().delete()
    Account.objects.filter(pk="dune").update(stage="")
    Account.objects.exclude(pk="dune").update(stage="onboarding")
    for one in Account.objects.exclude(pk="dune"):
        days = 10 if one.pk == "zeta" else 30
        at = datetime.combine(found.as_of, datetime.min.time(), UTC) - timedelta(days=days)
        StageChange.objects.create(account=one, stage="onboarding", occurred_at=at, author="CRM", reason="won")
    publish_rules(STAGES)
    after_run(found.pk)
    return found


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def stage(client: Client, name: str) -> dict[str, object]:
    return next(one for one in client.get("/api/v1/lifecycle").json() if one["name"] == name)


def test_stages_stand_in_order_with_what_is_late(run: Run, as_manager: Client, as_admin: Client) -> None:
    text = page(as_admin, "/lifecycle/")
    assert text.index("Onboarding") < text.index("Live") < text.index("No stage")
    assert "It should stay for at most 20 days." in text
    assert "Due 10 days after an account comes here, reached when score is above 1,000." in text


def test_everybody_counts_their_own_accounts(run: Run, as_owner: Client, as_stranger: Client) -> None:
    mine, hers = page(as_owner, "/lifecycle/onboarding/"), page(as_stranger, "/lifecycle/onboarding/")
    assert ("Acme" in mine, "Zeta" in mine) == (True, False)
    assert ("Acme" in hers, "Zeta" in hers) == (False, True)
    assert "1 customer in a stage" in page(as_stranger, "/lifecycle/")
    assert "0 for longer than expected" in page(as_stranger, "/lifecycle/")


def test_time_in_the_stage_and_each_milestone_are_shown(run: Run, as_owner: Client) -> None:
    text = page(as_owner, "/customers/acme/lifecycle/")
    assert "30 days of 20 expected" in text
    assert "10 days over" in text
    assert 'First value: <span class="late">overdue by 20 days</span>' in text
    assert 'A score: <span class="nowrap">reached on' in text
    assert 'Later: <span class="muted">due on' in text
    assert "Stage and milestones" in page(as_owner, "/customers/acme/")
    assert "overdue by 20 days" in page(as_owner, "/customers/acme/panels/stage/")


def test_milestones_need_no_rule_that_asks_for_stages(run: Run, as_owner: Client) -> None:
    Milestone.objects.all().delete()
    publish_rules(STAGES.split("rules:", maxsplit=1)[0])
    after_run(run.pk)
    assert "overdue by 20 days" in page(as_owner, "/customers/acme/lifecycle/")


def test_accounts_of_a_stage_are_narrowed(run: Run, as_stranger: Client, as_owner: Client) -> None:
    assert "Zeta" not in page(as_stranger, "/lifecycle/onboarding/?only=over")
    assert "Zeta" not in page(as_stranger, "/lifecycle/onboarding/?only=overdue")  # due on the day itself
    assert "Acme" in page(as_owner, "/lifecycle/onboarding/?only=over")
    assert "Acme" in page(as_owner, "/lifecycle/onboarding/?only=overdue")


def test_moving_by_hand_needs_a_reason_and_leaves_history(run: Run, as_owner: Client) -> None:
    refused = as_owner.post("/customers/acme/lifecycle/", {"stage": "live", "reason": " "})
    assert (refused.status_code, "say why in a few words" in refused.content.decode()) == (422, True)
    answer = as_owner.post("/customers/acme/lifecycle/", {"stage": "live", "reason": "Went live early"}, follow=True)
    text = answer.content.decode()
    assert "is in the stage Live" in text
    assert "Went live early" in text
    assert Account.objects.get(pk="acme").stage == "live"


def test_strangers_see_and_move_nothing_and_a_colleague_of_the_team_sees_it(
    run: Run, as_stranger: Client, as_colleague: Client
) -> None:
    assert as_colleague.get("/customers/acme/lifecycle/").status_code == 200
    assert as_stranger.get("/customers/acme/lifecycle/").status_code == 404
    assert as_stranger.post("/customers/acme/lifecycle/", {"stage": "live", "reason": "x"}).status_code == 404
    assert as_stranger.get("/lifecycle/nowhere/").status_code == 404
    assert Account.objects.get(pk="acme").stage == "onboarding"


def test_more_days_than_expected_set_rules_in_motion(run: Run) -> None:
    assert set(Effect.objects.filter(rule="long").values_list("account_id", flat=True)) == {
        "acme", "brix", "cato", "eyre",
    }  # fmt: skip


def test_the_timeline_says_once_where_an_account_came_and_what_it_reached(run: Run) -> None:
    change = StageChange.objects.filter(account="acme").latest("pk")
    for _ in range(2):
        entered([change.pk])
        Milestone.objects.filter(account="acme", name="scored").update(reached_on=run.as_of)
        after_again(run)
    titles = TimelineEntry.objects.filter(account="acme", type__name__in=["stage", "milestone"])
    assert sorted(titles.values_list("title", flat=True)) == [
        "Came to the stage Onboarding", "Overdue: First value", "Reached: A score, 25 days late",
    ]  # fmt: skip
    late = titles.get(title="Overdue: First value")
    assert (late.text, late.occurred_at.date()) == (f"It was due on {run.as_of - timedelta(days=20)}.", run.as_of)


def after_again(run: Run) -> None:
    RuleRun.objects.all().delete()
    after_run(run.pk)


def test_programs_read_the_same(run: Run, as_owner: Client, as_stranger: Client) -> None:
    mine = stage(as_owner, "onboarding")
    assert (mine["over"], mine["overdue"], mine["median_days"], mine["expected"]) == (
        mine["accounts"],
        mine["accounts"],
        30,
        20,
    )
    stay = as_owner.get("/api/v1/accounts/acme/lifecycle").json()
    assert {one["name"]: (one["state"], one["overdue"]) for one in stay["milestones"]} == {
        "first_value": ("overdue", 20), "scored": ("reached", 0), "later": ("due", 0),
    }  # fmt: skip
    found = as_stranger.get("/api/v1/lifecycle/accounts?stage=onboarding").json()["items"]
    assert [(one["account_id"], one["days"], one["over"]) for one in found] == [("zeta", 10, 0)]
    assert as_stranger.get("/api/v1/accounts/acme/lifecycle").status_code == 404
    assert date.fromisoformat(stay["since"]) == run.as_of - timedelta(days=30)
