"""Rows of ledgers count for their accounts in the next round, as the next full run counts them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction

from keepwell.apps.access.actors import Person, System
from keepwell.apps.configuration.operations import publish
from keepwell.apps.configuration.projects import project_of
from keepwell.apps.configuration.queries import current_version
from keepwell.apps.customers.models import Account
from keepwell.apps.health import ledgers
from keepwell.apps.health.arriving import facts_came
from keepwell.apps.health.live.scoring import Live
from keepwell.apps.health.models import Arrival, CurrentHealth, LiveValues, Run, ScoreNews
from keepwell.apps.health.operations import ask_for_run
from keepwell.apps.health.place import versions_of_facts
from keepwell.apps.health.rescoring import state_for
from keepwell.apps.health.running import carry_out
from keepwell.server.rounds import Rounds
from tests.apps.conftest import People
from tests.apps.health.live.test_live_scores import DAY, NOW, found_by, full_run, shown_now
from tests.apps.scored import FILES

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LEDGER = "keepwell.answers_of_tests"
_TIME = pa.timestamp("us", "UTC")
_COLUMNS = pa.schema(
    [("account_id", pa.string()), ("unit", pa.string()), ("score", pa.float64()), ("occurred_at", _TIME),
     ("recorded_at", _TIME)]
)  # fmt: skip
MEASURED = {
    **FILES,
    "answers.yaml": f"""\
datasets:
  answers:
    {{table: {LEDGER}, account: account_id, relationship: unit, occurred_at: occurred_at, recorded_at: recorded_at}}
metrics:
  mean_score: {{dataset: answers, aggregate: avg(score), window: 90 days}}
  answers_90d: {{dataset: answers, aggregate: count(), window: 90 days}}
  mean_moved: {{change_of: mean_score, over: 7}}
  answers_a_day: {{formula: answers_90d / (active_days + 1)}}
segments:
  unhappy: mean_score < 5
""",
    "card.yaml": FILES["card.yaml"].replace(
        "          logins_28d:",
        """\
          mean_score: {weight: 5, score: {linear: [[0, 0], [10, 100]]}, when_missing: {score: 50}}
          mean_moved: {weight: 1, score: {linear: [[-5, 0], [5, 100]]}, when_missing: {score: 50}}
          answers_a_day: {weight: 1, score: {linear: [[0, 0], [1, 100]]}}
          logins_28d:""",
    ),
    "unit_card.yaml": """\
scorecards:
  unit:
    for: relationship
    scheme: traffic_light
    groups:
      all: {weight: 1, measures: {answers_90d: {weight: 1, score: {linear: [[0, 0], [4, 100]]}}}}
""",
}


class Answers:
    """A ledger as an app keeps one: rows are added, changed and deleted, and it says for whom."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.read: list[Collection[str] | None] = []

    def table(self, accounts: Collection[str] | None) -> pa.Table:
        self.read.append(accounts)
        return pa.Table.from_pylist(
            [row for row in self.rows if accounts is None or row["account_id"] in accounts], _COLUMNS
        )

    def came(self, account: str, score: float, *, days: int = 0) -> None:
        at = NOW - timedelta(days=days, minutes=2)
        self.rows.append({"account_id": account, "unit": f"{account}-east", "score": score, "occurred_at": at,
                          "recorded_at": at})  # fmt: skip
        facts_came([account], ledger=LEDGER)


@pytest.fixture
def answers(company: Account, people: People, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """The company with a card that looks at a ledger, scored by it; some had answered before."""
    kept = Answers()
    _registered(monkeypatch, kept)
    publish(actor=System("tests"), files=MEASURED, note="Answers")
    for account, score, days in (("acme", 9, 20), ("brix", 3, 30), ("brix", 5, 4), ("zeta", 8, 2)):
        kept.came(account, score, days=days)
    full_run(people, NOW - timedelta(hours=5))
    Arrival.objects.all().delete()
    kept.read.clear()
    return kept


def test_what_came_counts_as_the_next_run_counts_it(answers: Answers, people: People) -> None:
    live, before = Live(), shown_now()
    assert live.renew(now=NOW) == 0
    answers.came("acme", 0)
    answers.came("acme", 2, days=1)
    answers.came("cato", 10, days=8)
    assert live.is_called
    live.renew(now=NOW)
    assert not live.is_called
    shown = shown_now()
    assert {pk for pk in shown if shown[pk] != before[pk]} == {"acme", "cato"}
    assert _value("acme", "mean_score") == pytest.approx(11 / 3)
    assert Account.objects.get(pk="acme").segments == ["large", "unhappy"]
    assert {*found_by("in_segment('unhappy')")} == {"acme", "brix"}
    full_run(people)
    assert Account.objects.get(pk="acme").segments == ["large", "unhappy"]
    assert shown_now() == shown


def test_rows_that_are_changed_or_gone_count_no_more(answers: Answers, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    answers.came("acme", 1)
    live.renew(now=NOW)
    answers.rows[:] = [row for row in answers.rows if row["account_id"] != "acme"]
    answers.rows[0]["score"] = 10
    facts_came(["acme", "brix"], ledger=LEDGER)
    live.renew(now=NOW)
    assert (_value("acme", "mean_score"), _value("acme", "answers_90d")) == (None, 0)
    assert _value("brix", "mean_score") == 7.5
    shown = shown_now()
    full_run(people)
    assert shown_now() == shown


def test_a_round_reads_the_rows_of_those_alone_for_whom_some_came(answers: Answers) -> None:
    live = Live()
    live.renew(now=NOW)
    answers.read.clear()
    for number in range(2000):
        answers.came("acme" if number % 2 else "brix", number % 11)
    live.renew(now=NOW)
    assert {tuple(sorted(read or ())) for read in answers.read} == {("acme", "brix")}
    assert None not in answers.read
    assert _value("acme", "answers_90d") == 1001
    assert not live.is_called


def test_a_process_that_died_leaves_nothing_uncounted(answers: Answers) -> None:
    live = Live()
    live.renew(now=NOW)
    answers.came("acme", 0)
    del live
    again = Live()
    assert again.is_called
    again.renew(now=NOW)
    assert _value("acme", "mean_score") == 4.5


def test_what_came_while_a_run_was_at_work_counts_when_it_is_current(answers: Answers, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    run = ask_for_run(actor=Person(people.manager), as_of=DAY)
    version = current_version()
    assert version is not None
    run.facts = versions_of_facts(project_of(version.files))
    run.known_at = NOW - timedelta(minutes=10)
    run.save()
    answers.came("acme", 0)
    live.renew(now=NOW)
    shown = shown_now()
    carry_out(run, version)
    assert shown_now()["acme"][0] != shown["acme"][0]
    live.renew(now=NOW)
    assert shown_now()["acme"] == shown["acme"]
    assert _value("acme", "mean_score") == 4.5
    Run.objects.filter(pk=run.pk).update(known_at=datetime.now(UTC) + timedelta(hours=2), started_at=None)
    Live().renew(now=NOW)
    assert not Arrival.objects.exists()


def test_the_process_that_drains_is_called_and_counts_them(answers: Answers) -> None:
    rounds = Rounds(check=lambda: None)
    rounds.begin()
    assert not rounds.is_called
    answers.came("acme", 0)
    assert rounds.is_called
    rounds.turn()
    assert not rounds.is_called
    assert list(LiveValues.objects.values_list("account_id", flat=True)) == ["acme"]
    again = Rounds(check=lambda: None)
    again.begin()
    assert again.scores.wanted  # a run may have become current that has not read what was counted


def test_on_another_day_everybody_is_read_again(answers: Answers, people: People) -> None:
    live = Live()
    live.renew(now=NOW)
    answers.came("brix", 10)
    live.renew(now=NOW + timedelta(days=1))
    assert CurrentHealth.objects.get(pk="brix").as_of == DAY + timedelta(days=1)
    assert None in answers.read
    assert _value("brix", "mean_score") == 6


def test_rules_hear_of_it_though_the_score_stays(answers: Answers) -> None:
    live = Live()
    live.renew(now=NOW)
    ScoreNews.objects.all().delete()
    facts_came(["dune"], ledger=LEDGER)
    live.renew(now=NOW)
    assert list(ScoreNews.objects.values_list("account_id", flat=True)) == ["dune"]
    assert set(LiveValues.objects.values_list("account_id", flat=True)) == {"dune"}


def test_without_a_run_there_is_nothing_to_do(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    _registered(monkeypatch, Answers())
    facts_came(["acme"], ledger=LEDGER)
    assert not Arrival.objects.exists()
    publish(actor=System("tests"), files=MEASURED, note="Answers")
    facts_came(["acme"], ledger=LEDGER)
    live = Live()
    assert not live.is_called
    assert live.renew(now=NOW) == 0


def test_what_is_rolled_back_is_not_looked_at(answers: Answers) -> None:
    with transaction.atomic():
        answers.came("acme", 0)
        transaction.set_rollback(True)
    assert not Live().is_called


def _registered(monkeypatch: pytest.MonkeyPatch, answers: Answers) -> None:
    """For one test."""
    monkeypatch.setattr(ledgers, "_OTHERS", {**ledgers._OTHERS})
    ledgers.register_ledger(LEDGER, answers.table)


def _value(account: str, metric: str) -> float | None:
    state = state_for(account)
    assert state is not None
    values = state.values.accounts
    found: float | None = values.metrics[metric][values.ids.to_pylist().index(account)].as_py()
    return found
