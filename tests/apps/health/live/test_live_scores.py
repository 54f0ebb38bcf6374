"""What comes in counts within a round: the same numbers as the next full run, shown and explained alike."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.current_values.columns import current_columns
from keepwell.apps.customers.current_values.conditions import accounts_where
from keepwell.apps.customers.models import Account
from keepwell.apps.health.entering import enter_score
from keepwell.apps.health.live.scoring import Live
from keepwell.apps.health.live.seen import seen_by_run
from keepwell.apps.health.models import CurrentHealth, LiveValues, Run, RunPurpose
from keepwell.apps.health.operations import ask_for_run, restate_late
from keepwell.apps.health.place import versions_of_facts
from keepwell.apps.health.rescoring import state_for
from keepwell.apps.health.running import carry_out
from keepwell.apps.timeline.models import TimelineEntry
from keepwell.apps.usage.datasets import DATASETS
from keepwell.apps.usage.draining.batch import Drain
from keepwell.apps.usage.draining.placing import Places
from keepwell.apps.usage.draining.tending import settle
from keepwell.apps.usage.draining.writing import Tables
from keepwell.engine.explain.explaining import explain
from keepwell.server.rounds import Rounds
from tests.apps.conftest import People
from tests.apps.scored import FILES, TODAY
from tests.apps.usage.draining.inbox import accepted, events, message

pytestmark = pytest.mark.django_db

DAY = TODAY + timedelta(days=1)
NOW = datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
LIVE = {
    **FILES,
    "live.yaml": DATASETS,
    "metrics.yaml": FILES["metrics.yaml"]
    + """\
  reports_7d: {dataset: usage_daily, aggregate: sum(events), where: event = 'Report Exported', window: 7 days}
  users_30d: {dataset: usage_daily, aggregate: count_distinct(person), window: 30 days}
  last_seen: {dataset: events, aggregate: days_since_latest(), window: 90 days}
  exports: {dataset: events, aggregate: count(), where: type = 'track', window: 14 days}
""",
    "card.yaml": FILES["card.yaml"].replace(
        "          logins_28d:",
        """\
          reports_7d: {weight: 3, score: {linear: [[0, 0], [4, 100]]}}
          users_30d: {weight: 1, score: {linear: [[0, 0], [3, 100]]}}
          last_seen: {weight: 1, score: {linear: [[0, 100], [30, 0]]}, when_missing: {score: 0}}
          exports: {weight: 1, score: {linear: [[0, 0], [9, 100]]}}
          logins_28d:""",
    ),
}


@pytest.fixture
def measured(company: Account, people: People) -> Account:
    """The company with a card that looks at events, scored by it."""
    publish(actor=System("tests"), files=LIVE, note="Live")
    full_run(people, NOW - timedelta(hours=5))
    return company


def full_run(people: People, known_at: datetime = NOW + timedelta(hours=1)) -> Run:
    run = ask_for_run(actor=Person(people.manager), as_of=DAY)
    run.known_at = known_at
    run.save()
    version = current_version()
    assert version is not None
    carry_out(run, version)
    run.refresh_from_db()
    assert run.status == "done", run.error
    return run


def _came(*numbers: int, account: str = "acme", days: int = 0) -> None:
    at = NOW - timedelta(hours=1, days=days)
    accepted(*(message(one, user=f"u{one % 5}", group=account, at=at) for one in numbers), received_at=NOW)
    Drain().next()


def shown_now() -> dict[str, tuple[object, ...]]:
    names = ("score", "computed", "label", "why", "coverage")
    return {one.pk: tuple(getattr(one, name) for name in names) for one in CurrentHealth.objects.all()}


@pytest.mark.slow
def test_what_came_in_counts_as_the_next_run_counts_it(measured: Account, people: People) -> None:
    live, before = Live(), shown_now()
    assert live.renew(now=NOW) == 0
    _came(1, 2, 3)
    _came(4, account="brix", days=2)
    assert live.renew(now=NOW) == 2
    shown = shown_now()
    assert {pk for pk in shown if shown[pk] != before[pk]} == {"acme", "brix"}
    _came(5, 6, 7)
    assert live.renew(now=NOW) == 1
    health = CurrentHealth.objects.get(pk="acme")
    assert health.known_at == NOW
    assert health.trend[-1] == round(health.score or 0, 1)
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


@pytest.mark.slow
def test_the_state_that_is_explained_is_the_one_that_is_shown(measured: Account, as_owner: Client) -> None:
    live = Live()
    live.renew(now=NOW)
    before = state_for("acme")
    assert before is not None
    _came(1, 2, 3)
    live.renew(now=NOW)
    health = CurrentHealth.objects.get(pk="acme")
    state = state_for("acme")
    assert state is not None
    told = explain(state.project, state.values, state.scores, "acme")
    assert told.final == health.score != explain(before.project, before.values, before.scores, "acme").final
    assert next(one for one in told.measures if one.name == "reports_7d").value == 3
    page = as_owner.get("/customers/acme/").content.decode()
    assert f"{round(health.score or 0)}" in page


@pytest.mark.slow
def test_what_people_enter_afterwards_stands_on_what_came_in(measured: Account, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    _came(1, 2, 3)
    live.renew(now=NOW)
    enter_score(actor=Person(people.owner), account_id="acme", measure="executive_relationship", score=100)
    shown = shown_now()
    state = state_for("acme")
    assert state is not None
    assert explain(state.project, state.values, state.scores, "acme").final == shown["acme"][0]
    full_run(people, timezone.now())
    assert shown_now() == shown


@pytest.mark.slow
def test_a_process_that_begins_knows_what_came_in_since_the_run(measured: Account, people: People) -> None:
    _came(1, 2)
    assert Live().renew(now=NOW) == 1
    assert Live().renew(now=NOW) == 0
    _came(3, account="cato")
    assert Live().renew(now=NOW) == 1


@pytest.mark.slow
def test_a_run_that_began_before_is_caught_up_with(measured: Account, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    run = ask_for_run(actor=Person(people.manager), as_of=DAY)
    version = current_version()
    assert version is not None
    _came(1, 2, 3)
    run.facts = versions_of_facts(project_of(version.files))
    run.known_at = NOW - timedelta(minutes=1)
    run.save()
    _came(4, 5, 6)
    live.renew(now=NOW)
    shown = shown_now()
    carry_out(run, version)
    assert shown_now()["acme"] != shown["acme"]
    assert live.is_behind
    assert live.renew(now=NOW) == 1
    assert shown_now()["acme"][0] == shown["acme"][0]
    assert set(LiveValues.objects.values_list("run_id", flat=True)) == {run.pk}


@pytest.mark.slow
def test_a_change_of_band_stands_on_the_timeline(measured: Account) -> None:
    live = Live()
    live.renew(now=NOW)
    before = CurrentHealth.objects.get(pk="brix").label
    _came(*range(1, 12), account="brix")
    live.renew(now=NOW)
    after = CurrentHealth.objects.get(pk="brix").label
    assert after != before
    entry = TimelineEntry.objects.get(account="brix", type__name="score_change", occurred_at__date=DAY)
    assert entry.title.endswith(f"to {after}")


@pytest.mark.slow
def test_a_day_later_values_are_of_that_day(measured: Account, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    _came(1, 2)
    live.renew(now=NOW + timedelta(days=1))
    health = CurrentHealth.objects.get(pk="acme")
    assert health.as_of == DAY + timedelta(days=1)
    state = state_for("acme")
    assert state is not None
    assert state.values.as_of == health.as_of
    assert explain(state.project, state.values, state.scores, "acme").final == health.score
    enter_score(actor=Person(people.owner), account_id="brix", measure="executive_relationship", score=100)
    assert CurrentHealth.objects.get(pk="brix").as_of == DAY


@pytest.mark.slow
def test_the_table_that_lists_filter_follows(measured: Account, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    asked = "reports_7d >= 2 and users_30d = 2"
    assert found_by(asked) == set()
    _came(1, 2)
    live.renew(now=NOW)
    assert found_by(asked) == {"acme"}
    assert found_by("name = 'Acme Inc' and arr > 0 and renews_on is not null") == {"acme"}
    full_run(people)
    assert found_by(asked) == {"acme"}


@pytest.mark.slow
def test_what_was_accepted_while_a_run_waited_for_a_worker_counts(measured: Account, people: People) -> None:
    _came(1, 2)
    full_run(people, NOW - timedelta(hours=4))
    Live().renew(now=NOW)
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


@pytest.mark.slow
def test_events_that_get_their_account_afterwards_count(measured: Account, people: People) -> None:
    live, drain, early = Live(), Drain(), NOW - timedelta(hours=3)
    live.renew(now=NOW)
    before = shown_now()
    accepted(*(message(one, user="u", at=early - timedelta(days=one)) for one in range(4)), received_at=NOW)
    drain.next()
    assert live.renew(now=NOW) == 0
    accepted(message(9, "group", user="u", group="acme", at=NOW - timedelta(hours=1)), received_at=NOW)
    drain.next()
    live.renew(now=NOW)
    Places(drain.tables).due()
    assert live.renew(now=NOW) == 1
    assert {pk for pk, health in shown_now().items() if health != before[pk]} == {"acme"}
    assert found_by("reports_7d = 4 and exports = 4") == {"acme"}
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


@pytest.mark.slow
def test_days_that_were_added_up_build_nothing_anew(measured: Account, people: People) -> None:
    _came(1, 2, days=1)
    full_run(people, NOW - timedelta(hours=4))
    live = Live()
    live.renew(now=NOW)
    _came(3, 4, days=1)
    live.renew(now=NOW)
    settle(Tables(), DAY + timedelta(days=1), seen_by_run())
    _came(5)
    live.renew(now=NOW)
    assert dict(live.rebuilt) == {}
    again = Live()
    again.renew(now=NOW)
    assert dict(again.rebuilt) == {}
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


@pytest.mark.slow
def test_metrics_that_are_read_in_full_follow_at_a_slower_beat(measured: Account, people: People) -> None:
    mean = "  mean_7d: {dataset: usage_daily, aggregate: avg(events), window: 7 days}\n"
    card = LIVE["card.yaml"].replace("reports_7d: {weight: 3", "mean_7d: {weight: 3")
    files = {**LIVE, "metrics.yaml": LIVE["metrics.yaml"] + mean, "card.yaml": card}
    publish(actor=System("tests"), files=files, note="A mean")
    full_run(people, NOW - timedelta(hours=4))
    live = Live()
    live.renew(now=NOW)
    live.slower.at_least = math.inf  # however slow the machine is
    _came(1, 2, 3)
    live.renew(now=NOW)
    before = shown_now()
    assert not live.owes
    live.slower.at_least = live.slower.times = 0.0
    assert live.owes
    live.renew(now=NOW)
    assert shown_now()["acme"] != before["acme"]
    assert not live.owes
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


def found_by(text: str) -> set[str]:
    columns = current_columns()
    assert columns is not None
    with connection.cursor() as cursor:
        cursor.execute(accounts_where(text, columns))
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.slow
def test_a_round_moves_scores_and_asks_once_for_what_came_late(measured: Account) -> None:
    rounds = Rounds(check=lambda: None)
    rounds.begin()
    assert not rounds.turn()
    accepted(*(message(one, user="u", group="acme", at=NOW - timedelta(days=9)) for one in range(3)), received_at=NOW)
    before = shown_now()
    rounds.turn()
    accepted(message(9, user="u", group="acme", at=NOW - timedelta(days=9)), received_at=NOW)
    rounds.turn()
    assert _asked() == 1
    accepted(message(10, user="v", at=NOW), received_at=NOW)
    rounds.turn()
    accepted(message(11, "group", user="v", group="brix", at=NOW), received_at=NOW)
    rounds.places._rests_until = 0.0
    rounds.turn()
    assert {row["account_id"] for row in events() if row["person"]} == {"acme", "brix"}
    live = Live()
    live.renew(now=NOW)
    assert shown_now()["acme"] != before["acme"]


@pytest.mark.slow
def test_dates_that_came_late_are_scored_again_once(measured: Account) -> None:
    _came(1, 2, 3, days=9)
    restate_late()
    again = Run.objects.filter(purpose=RunPurpose.RESTATED)
    assert {run.as_of for run in again} == {TODAY, TODAY - timedelta(weeks=1)}
    assert {run.status for run in again} == {"done"}
    restate_late()
    assert again.count() == 2


def _asked() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs where task_name = 'health:late'")
        return int(cursor.fetchone()[0])
